using System.Runtime.CompilerServices;
using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

/// <content>Maps whose results are combined to one.</content>
public partial class ProcessPool
{
    /// <summary>
    /// Calls a function for each item and combines the results to one. Each worker combines the results of its own chunks, so only one
    /// value for each chunk is transferred. Python's <c>functools.reduce(f, pool.map(g, items))</c>.
    /// </summary>
    /// <remarks>
    /// The results are combined from left to right in item order: within a chunk by its worker, then the values of the chunks by this
    /// program, on a thread of the thread pool and never two at a time. <paramref name="reduce"/> must therefore be associative, such as a
    /// sum, a maximum or the union of two dictionaries; it need not be commutative. The last digits of floating-point sums depend on the
    /// chunks.
    /// <para>
    /// A worker that is lost repeats its chunk, so <paramref name="map"/> and <paramref name="reduce"/> may be called more than once
    /// with an item.
    /// </para>
    /// </remarks>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <typeparam name="TResult">The type of the results, and of the combined result.</typeparam>
    /// <param name="items">The arguments of <paramref name="map"/>; enumerated once, before anything is sent.</param>
    /// <param name="map">The function that is called with each item, in a worker.</param>
    /// <param name="reduce">
    /// The function that combines two results, in the workers and in this program. It may change its first argument and return it.
    /// </param>
    /// <param name="chunkSize">
    /// The number of items in one job; at least 1. Null, the default, makes four chunks for each worker. With
    /// <see cref="JobOptions.Timeout"/> it makes one for each item: the workers then combine nothing, unless a chunk size is given.
    /// </param>
    /// <param name="options">
    /// The options of each chunk. <see cref="JobOptions.Timeout"/> limits each item, <see cref="JobOptions.MapTimeout"/> the whole call; a
    /// callback receives the combined result. <see cref="JobOptions.Progress"/> counts items.
    /// </param>
    /// <param name="cancellationToken">Cancels the unfinished chunks.</param>
    /// <returns>
    /// The combined result, when every chunk has ended. For one item it is that item's result, and <paramref name="reduce"/> is not called.
    /// For no items the task fails with <see cref="InvalidOperationException"/>: pass a seed if that can happen. An exception of
    /// <paramref name="map"/> or <paramref name="reduce"/> ends its chunk; the other chunks run to their end unless
    /// <see cref="JobOptions.FailFast"/> is set. Then the task fails with the error of the first failed chunk by position, and
    /// <see cref="Task.Exception"/> holds all errors. <see cref="FailedCall.Of"/> returns the index of the item.
    /// </returns>
    /// <exception cref="ArgumentNullException">The items or a function are null.</exception>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)" path="/exception"/>
    public Task<TResult> MapReduceAsync<T, TResult>(
        IEnumerable<T> items, Func<T, TResult> map, Func<TResult, TResult, TResult> reduce,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapReduce(items, NoSeed<TResult>(), map, reduce, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TResult}(IEnumerable{T}, Func{T, TResult}, Func{TResult, TResult, TResult}, int?, JobOptions?,
    /// CancellationToken)"/>
    public Task<TResult> MapReduceAsync<T, TResult>(
        IEnumerable<T> items, Func<T, Task<TResult>> map, Func<TResult, TResult, TResult> reduce,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapReduce(items, NoSeed<TResult>(), map, reduce, chunkSize, options, cancellationToken);

    /// <summary>
    /// Calls a function for each item and combines the results to one, starting with a seed, which is also the result for no items.
    /// Python's <c>functools.reduce(f, pool.map(g, items), seed)</c>.
    /// </summary>
    /// <param name="items">The arguments of <paramref name="map"/>; enumerated once, before anything is sent.</param>
    /// <param name="seed">
    /// The value that the first result is combined with, once and in this program. It stays in this program; <paramref name="reduce"/> may
    /// change it.
    /// </param>
    /// <param name="map">The function that is called with each item, in a worker.</param>
    /// <param name="reduce">
    /// The function that combines two results, in the workers and in this program. It may change its first argument and return it.
    /// </param>
    /// <param name="chunkSize">The number of items in one job; at least 1. Null, the default, makes four chunks for each worker.</param>
    /// <param name="options">The options of each chunk.</param>
    /// <param name="cancellationToken">Cancels the unfinished chunks.</param>
    /// <returns>The combined result, when every chunk has ended; the seed for no items. It fails as without a seed.</returns>
    /// <inheritdoc cref="MapReduceAsync{T, TResult}(IEnumerable{T}, Func{T, TResult}, Func{TResult, TResult, TResult}, int?, JobOptions?,
    /// CancellationToken)" path="/typeparam|/remarks|/exception"/>
    public Task<TResult> MapReduceAsync<T, TResult>(
        IEnumerable<T> items, TResult seed, Func<T, TResult> map, Func<TResult, TResult, TResult> reduce, int? chunkSize = null,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapReduce(items, (true, seed), map, reduce, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TResult}(IEnumerable{T}, TResult, Func{T, TResult}, Func{TResult, TResult, TResult}, int?,
    /// JobOptions?, CancellationToken)"/>
    public Task<TResult> MapReduceAsync<T, TResult>(
        IEnumerable<T> items, TResult seed, Func<T, Task<TResult>> map, Func<TResult, TResult, TResult> reduce, int? chunkSize = null,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapReduce(items, (true, seed), map, reduce, chunkSize, options, cancellationToken);

    /// <summary>Blocking form of <c>MapReduceAsync</c>.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TResult}(IEnumerable{T}, Func{T, TResult}, Func{TResult, TResult, TResult}, int?, JobOptions?,
    /// CancellationToken)"/>
    /// <returns>The combined result.</returns>
    public TResult MapReduce<T, TResult>(
        IEnumerable<T> items, Func<T, TResult> map, Func<TResult, TResult, TResult> reduce,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapReduceAsync(items, map, reduce, chunkSize, options, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <c>MapReduceAsync</c>.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TResult}(IEnumerable{T}, TResult, Func{T, TResult}, Func{TResult, TResult, TResult}, int?,
    /// JobOptions?, CancellationToken)"/>
    /// <returns>The combined result; the seed for no items.</returns>
    public TResult MapReduce<T, TResult>(
        IEnumerable<T> items, TResult seed, Func<T, TResult> map, Func<TResult, TResult, TResult> reduce, int? chunkSize = null,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapReduceAsync(items, seed, map, reduce, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="MapReduce{T, TResult}(IEnumerable{T}, Func{T, TResult}, Func{TResult, TResult, TResult}, int?, JobOptions?,
    /// CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult MapReduce<T, TResult>(
        IEnumerable<T> items, Func<T, Task<TResult>> map, Func<TResult, TResult, TResult> reduce,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapReduceAsync(items, map, reduce, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="MapReduce{T, TResult}(IEnumerable{T}, TResult, Func{T, TResult}, Func{TResult, TResult, TResult}, int?,
    /// JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult MapReduce<T, TResult>(
        IEnumerable<T> items, TResult seed, Func<T, Task<TResult>> map, Func<TResult, TResult, TResult> reduce, int? chunkSize = null,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapReduceAsync(items, seed, map, reduce, chunkSize, options, cancellationToken).WaitForResult();

    private static (bool IsGiven, TResult Value) NoSeed<TResult>() => (false, default!);

    private Task<TResult> SubmitMapReduce<T, TResult>(
        IEnumerable<T> items, (bool IsGiven, TResult Value) seed, Delegate map, Func<TResult, TResult, TResult> reduce, int? chunkSize,
        JobOptions? options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(reduce);
        var (all, size) = ReadItems(items, chunkSize, options);
        var reduction = new MapReduction<TResult>(
            all.Length, size, reduce, _callbacks, options, cancellationToken)
        { Unseen = _session.UnseenFailures };
        if (seed.IsGiven)
            reduction.SetSeed(seed.Value);
        return SubmitMap(reduction, chunk => CallEncoder.PrepareMapReduce(map, reduce, chunk), all, size, options);
    }
}
