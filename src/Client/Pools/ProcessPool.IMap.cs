using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public sealed partial class ProcessPool
{
    private const int ChunksAheadPerProcess = 256;

    /// <summary>
    /// Calls the function for each item and yields the results in the order of the items, each as soon as those before it exist, as
    /// Python's <c>imap()</c>. The source may be endless, and may wait for earlier results: items are drawn ahead of the consumer only up
    /// to <paramref name="maxChunksAhead"/>.
    /// </summary>
    /// <param name="function">What to call.</param>
    /// <param name="items">
    /// Its arguments; enumerated on a background thread of their own from the first <c>MoveNextAsync</c> on. Disposing the enumerator
    /// stops that and disposes the source; a source that does not return within a second is disposed when it does.
    /// </param>
    /// <param name="chunkSize">
    /// How many items travel as one job; at least 1, the default. A chunk travels incomplete when its source takes more than 20 ms over
    /// an item.
    /// </param>
    /// <param name="maxChunksAhead">
    /// How many chunks may be submitted whose results have not all been taken; at least 1; null, the default, is 256 for each process.
    /// </param>
    /// <param name="options">How each chunk is run.</param>
    /// <returns>
    /// The results. For an item that failed <see cref="IAsyncEnumerator{T}.MoveNextAsync"/> throws what its function threw; it may be
    /// called again for the items after it. What <paramref name="items"/> throws, or a pool that takes no jobs any more, ends the
    /// enumeration with that exception after the results of the items before.
    /// </returns>
    public IAsyncEnumerable<TResult> IMap<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMap<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <summary>
    /// Calls the function for each item and yields each result as soon as it exists, as Python's <c>imap_unordered()</c>.
    /// </summary>
    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMapUnordered<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    /// <inheritdoc cref="IMapUnordered{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMapUnordered<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    private MapStream<T, TResult, TResult> Stream<T, TResult>(
        Func<ReadOnlyMemory<T>, PreparedCall> encode, IEnumerable<T> items, int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered) =>
        Stream<T, TResult, TResult>(encode, items, chunkSize, maxChunksAhead, options, isOrdered, static (chunk, index) => chunk.Take(index));

    private MapStream<T, TResult, TItem> Stream<T, TResult, TItem>(
        Func<ReadOnlyMemory<T>, PreparedCall> encode, IEnumerable<T> items, int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered,
        Func<MapChunk<TResult>, int, TItem> take)
    {
        ArgumentNullException.ThrowIfNull(items);
        ChunkSize.Checked(chunkSize);
        options?.Validate();
        if (options is { Callback: not null } or { ErrorCallback: not null } or { Progress: not null } or { MapTimeout: not null })
        {
            throw new ArgumentException(
                "The results of IMap are taken one by one: it has no callbacks, no progress and no MapTimeout. Cancel its enumeration instead.", nameof(options));
        }

        var ahead = maxChunksAhead ?? ChunksAheadPerProcess * Math.Max(Processes, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead, nameof(maxChunksAhead));
        return new MapStream<T, TResult, TItem>(
            items, chunkSize, ahead, isOrdered,
            (job, chunk, token) => SubmitChunk(job, encode, chunk, options, token), take);
    }

    /// <summary>What cannot travel fails its items and no others; whatever else is thrown ends the stream.</summary>
    private void SubmitChunk<T>(
        PendingJob job, Func<ReadOnlyMemory<T>, PreparedCall> encode, T[] chunk, JobOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            SubmitPending(job, encode(chunk), options, cancellationToken);
        }
        catch (Exception exception) when (exception is NotCarriedException or PayloadTooLargeException)
        {
            job.Fail(exception);
        }
    }
}
