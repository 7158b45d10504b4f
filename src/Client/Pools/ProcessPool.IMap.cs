using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public sealed partial class ProcessPool
{
    private const int ChunksAheadPerProcess = 256;

    /// <summary>
    /// Calls the function for each item and gives each result as soon as those before it have come, as Python's <c>imap()</c>; unlike
    /// there, items are drawn in only as results are taken, so that they may be without end.
    /// </summary>
    /// <param name="function">What to call.</param>
    /// <param name="items">Its arguments; enumerated on the thread that takes the results.</param>
    /// <param name="chunkSize">How many items travel as one job; at least 1.</param>
    /// <param name="maxChunksAhead">How many chunks are under way at most; null, the default, is 256 for each process.</param>
    /// <param name="options">How each chunk is run.</param>
    /// <returns>
    /// The results. For an item that failed <see cref="IAsyncEnumerator{T}.MoveNextAsync"/> throws what its function threw; it may be
    /// called again for the items after it. What the enumeration of <paramref name="items"/> throws comes after the results before it.
    /// </returns>
    public IAsyncEnumerable<TResult> IMap<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMap<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <summary>
    /// As <see cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>, each result as soon as it is there,
    /// as Python's <c>imap_unordered()</c>.
    /// </summary>
    public IAsyncEnumerable<TResult> IMapUnordered<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    /// <inheritdoc cref="IMapUnordered{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMapUnordered<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        Stream<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    private MapStream<T, TResult> Stream<T, TResult>(
        Func<ReadOnlyMemory<T>, PreparedCall> encode, IEnumerable<T> items, int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered)
    {
        ChunkSize.Checked(chunkSize);
        if (options is { Callback: not null } or { ErrorCallback: not null } or { Progress: not null })
            throw new ArgumentException("The results of IMap are taken one by one: it has no callbacks and no progress.", nameof(options));
        var ahead = maxChunksAhead ?? ChunksAheadPerProcess * Math.Max(Processes, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead, nameof(maxChunksAhead));
        return new MapStream<T, TResult>(
            items, chunkSize, ahead, isOrdered,
            (job, chunk, token) => SubmitPending(job, encode(chunk), options, token));
    }
}
