using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public partial class ProcessPool
{
    private const int ChunksAheadPerProcess = 256;

    /// <summary>
    /// Calls the function for each item and yields the results in item order, as Python's <c>imap()</c>. The source may be endless and may
    /// depend on earlier results: at most <paramref name="maxChunksAhead"/> chunks are read ahead of the consumer.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="items">
    /// The arguments, enumerated on a separate background thread from the first <c>MoveNextAsync</c> on. Disposing the enumerator stops
    /// that thread and disposes the source; a source that does not return within a second is disposed when it returns.
    /// </param>
    /// <param name="chunkSize">
    /// The number of items in one job; at least 1, the default. An incomplete chunk is sent when the source takes more than 20 ms for its
    /// next item.
    /// </param>
    /// <param name="maxChunksAhead">
    /// The highest number of submitted chunks with unread results; at least 1. Default: null, 256 for each process.
    /// </param>
    /// <param name="options">The options of each chunk.</param>
    /// <returns>
    /// The results. For a failed item <see cref="IAsyncEnumerator{T}.MoveNextAsync"/> throws the exception of the function, and can be
    /// called again for the next item. An exception of <paramref name="items"/>, or a pool that no longer accepts jobs, ends the
    /// enumeration with that exception after the results of the earlier items.
    /// </returns>
    public IAsyncEnumerable<TResult> IMap<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMap<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <summary>
    /// Calls the function for each item and yields each result as soon as it exists, as Python's <c>imap_unordered()</c>.
    /// </summary>
    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMapUnordered<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    /// <inheritdoc cref="IMapUnordered{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<TResult> IMapUnordered<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    private MapStream<T, TResult, TResult> CreateStream<T, TResult>(
        Func<ChunkItems<T>, PreparedCall> encode, IEnumerable<T> items,
        int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered) =>
        CreateStream<T, TResult, TResult>(
            encode, items, chunkSize, maxChunksAhead, options, isOrdered, static (chunk, index) => chunk.TakeValue(index));

    private MapStream<T, TResult, TItem> CreateStream<T, TResult, TItem>(
        Func<ChunkItems<T>, PreparedCall> encode, IEnumerable<T> items,
        int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered,
        Func<MapChunk<TResult>, int, TItem> take)
    {
        ArgumentNullException.ThrowIfNull(items);
        ChunkSize.RequirePositive(chunkSize);
        options?.Validate();
        if (options is { Callback: not null } or { ErrorCallback: not null } or { Progress: not null } or { MapTimeout: not null })
        {
            throw new ArgumentException(
                "IMap supports no callbacks, Progress or MapTimeout, because its results are read one at a time. Remove these options, "
                + "and cancel the enumeration to stop it.",
                nameof(options));
        }

        var ahead = maxChunksAhead ?? ChunksAheadPerProcess * Math.Max(Processes, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead, nameof(maxChunksAhead));
        return new MapStream<T, TResult, TItem>(
            items, chunkSize, ahead, isOrdered,
            (job, chunk, token) => SubmitChunk(job, encode, new ChunkItems<T>(job.FirstItem, chunk), options, token), take);
    }

    /// <summary>Submits a chunk. Items that cannot be sent fail alone; any other exception ends the stream.</summary>
    private void SubmitChunk<T, TResult>(
        MapJob<TResult> job, Func<ChunkItems<T>, PreparedCall> encode, ChunkItems<T> chunk, JobOptions? options,
        CancellationToken cancellationToken)
    {
        try
        {
            SubmitPending(job, encode(chunk), options, cancellationToken);
        }
        catch (Exception refusal) when (UnsentItems.IsRefusal(refusal))
        {
            UnsentItems.SubmitOthersAsync(encode, chunk, job.SplitChunk(), SubmitItem).WaitForResult();
        }

        Task SubmitItem(ChunkJob item, PreparedCall call)
        {
            SubmitPending(item, call, options, cancellationToken);
            return Task.CompletedTask;
        }
    }
}
