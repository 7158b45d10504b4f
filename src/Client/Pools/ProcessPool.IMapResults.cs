using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public sealed partial class ProcessPool
{
    /// <summary>
    /// Calls the function for each item and yields the value or the error of each, in the order of the items: <c>await foreach</c> goes on
    /// after an item that failed.
    /// </summary>
    /// <returns>
    /// The results. What <paramref name="items"/> throws, or a pool that takes no jobs any more, ends the enumeration with that exception
    /// after the results of the items before.
    /// </returns>
    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapResults<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        StreamResults<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <inheritdoc cref="IMapResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapResults<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        StreamResults<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <summary>
    /// Calls the function for each item and yields the value or the error of each as soon as it exists; <see cref="ItemResult{T}.Index"/>
    /// says whose it is.
    /// </summary>
    /// <inheritdoc cref="IMapResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapUnorderedResults<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        StreamResults<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    /// <inheritdoc cref="IMapUnorderedResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapUnorderedResults<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        StreamResults<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    private MapStream<T, TResult, ItemResult<TResult>> StreamResults<T, TResult>(
        Func<ReadOnlyMemory<T>, PreparedCall> encode, IEnumerable<T> items, int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered) =>
        Stream<T, TResult, ItemResult<TResult>>(
            encode, items, chunkSize, maxChunksAhead, options, isOrdered, static (chunk, index) => chunk.TakeResult(index));
}
