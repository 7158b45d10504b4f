using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public sealed partial class ProcessPool
{
    /// <summary>Calls the function for each item and gives the results in the order of the items, as Python's <c>map_async()</c>.</summary>
    /// <param name="function">What to call.</param>
    /// <param name="items">Its arguments; enumerated once, before anything is sent.</param>
    /// <param name="chunkSize">
    /// How many items travel as one job; null, the default, makes four chunks for each process, or one for each item where
    /// <see cref="JobOptions.Timeout"/> is set.
    /// </param>
    /// <param name="options">How each chunk is run.</param>
    /// <param name="cancellationToken">Cancels every chunk that has not ended.</param>
    /// <returns>
    /// Ends when every item has: a failing one does not stop the others unless <see cref="JobOptions.FailFast"/> is set. Fails with what
    /// the first failing item, by position, threw; <see cref="Task.Exception"/> holds the errors of all. <see cref="FailedCall.Of"/> gives
    /// the index of the item. <c>MapResultsAsync</c> gives the values of the other items too.
    /// </returns>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or an item or a result is of a type that cannot travel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The chunk size is not positive.</exception>
    /// <exception cref="InvalidOperationException">The pool takes no jobs any more: it was closed, was terminated (<see cref="PoolTerminatedException"/>), or cannot run any (<see cref="PoolFailedException"/>).</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone, and the pool with it.</exception>
    /// <exception cref="DurableStoreException">The pool is durable, and its store took its events no more.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and a chunk does not fit into a message.</exception>
    public Task<TResult[]> MapAsync<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> MapAsync<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, options, cancellationToken);

    /// <summary>As <see cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>, blocking, as Python's <c>map()</c>.</summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in the order of the items.</returns>
    public TResult[] Map<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync(function, items, chunkSize, options, cancellationToken).GetAwaiter().GetResult();

    private Task<TResult[]> MapAsync<T, TResult>(
        Func<ReadOnlyMemory<T>, PreparedCall> encode, IEnumerable<T> items, int? chunkSize, JobOptions? options, CancellationToken cancellationToken)
    {
        var (all, size) = Divide(items, chunkSize, options);
        return SubmitMap(
            new MapValues<TResult>(all.Length, size, _callbacks, options, cancellationToken) { Unseen = _session.UnseenFailures }, encode, all, size, options);
    }

    private (T[] Items, int ChunkSize) Divide<T>(IEnumerable<T> items, int? chunkSize, JobOptions? options)
    {
        ArgumentNullException.ThrowIfNull(items);
        options?.Validate();
        var all = items as T[] ?? [.. items];
        return (all, ChunkSize.Of(all.Length, Processes, chunkSize, isAlone: options is { TimeoutMilliseconds: > 0 }));
    }

    private Task<TOutput> SubmitMap<T, TResult, TOutput>(
        MapCollector<MapChunk<TResult>, TOutput> collector, Func<ReadOnlyMemory<T>, PreparedCall> encode, T[] items, int chunkSize, JobOptions? options) =>
        SubmitMap(
            collector, encode, (start, count) => new MapJob<TResult>(start, count, collector.Collect, collector.Progressed), items, chunkSize, options);

    private Task<TOutput> SubmitMap<T, TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, Func<ReadOnlyMemory<T>, PreparedCall> encode, Func<int, int, ChunkJob> makeJob, T[] items, int chunkSize,
        JobOptions? options)
        where TChunk : IMapChunk
    {
        // A map without items submits nothing that would be refused.
        if (items.Length == 0)
            _session.RequireOpen();
        collector.Begin(_session.AskProgress);
        try
        {
            for (var start = 0; start < items.Length && !collector.Task.IsCompleted; start += chunkSize)
            {
                var chunk = items.AsMemory(start, Math.Min(chunkSize, items.Length - start));
                var call = encode(chunk);
                collector.Function = call.Function.Name;
                SubmitPending(makeJob(start, chunk.Length), call, options, collector.Token);
            }
        }
        catch (OperationCanceledException) when (collector.Task.IsCompleted)
        {
            // It has failed or timed out meanwhile, and nobody needs the rest.
        }
        catch
        {
            collector.Abandon();
            throw;
        }

        return collector.Task;
    }
}
