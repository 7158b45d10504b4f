using System.Runtime.CompilerServices;
using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>Calls the function for each item and returns the results in item order, as Python's <c>map_async()</c>.</summary>
    /// <param name="function">The function.</param>
    /// <param name="items">The arguments; enumerated once, before anything is sent.</param>
    /// <param name="chunkSize">
    /// The number of items in one job. Null, the default, makes four chunks for each process, or one chunk for each item when
    /// <see cref="JobOptions.Timeout"/> is set.
    /// </param>
    /// <param name="options">The options of each chunk.</param>
    /// <param name="cancellationToken">Cancels the unfinished chunks.</param>
    /// <returns>
    /// A task that completes when every item has ended; a failed item does not stop the others unless <see cref="JobOptions.FailFast"/> is
    /// set. It fails with the exception of the first failed item by position, and <see cref="Task.Exception"/> holds all exceptions.
    /// <see cref="FailedCall.Of"/> returns the index of the item. Use <c>MapResultsAsync</c> to get the values of the other items too.
    /// </returns>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or an item or a result is of a type that cannot be serialized.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The chunk size is not positive.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pool no longer accepts jobs: it was closed, was terminated (<see cref="PoolTerminatedException"/>), or has failed
    /// (<see cref="PoolFailedException"/>).
    /// </exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost, and the pool with it.</exception>
    /// <exception cref="DurableStoreException">The store of the durable pool failed.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and a chunk exceeds 12 MiB.</exception>
    public Task<TResult[]> MapAsync<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync<T, TResult>(chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> MapAsync<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync<T, TResult>(chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Blocking form of <see cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>, as
    /// Python's <c>map()</c>.
    /// </summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in item order.</returns>
    public TResult[] Map<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="Map{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult[] Map<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <summary>Maps with calls that <paramref name="encode"/> makes of chunks.</summary>
    internal Task<TResult[]> MapAsync<T, TResult>(
        Func<ChunkItems<T>, PreparedCall> encode, IEnumerable<T> items,
        int? chunkSize, JobOptions? options, CancellationToken cancellationToken)
    {
        var (all, size) = ReadItems(items, chunkSize, options);
        var collector = new MapValues<TResult>(all.Length, size, _callbacks, options, cancellationToken)
        {
            Unseen = _session.UnseenFailures,
        };
        return SubmitMap(collector, encode, all, size, options);
    }

    private (T[] Items, int ChunkSize) ReadItems<T>(IEnumerable<T> items, int? chunkSize, JobOptions? options)
    {
        ArgumentNullException.ThrowIfNull(items);
        options?.Validate();
        var all = items as T[] ?? [.. items];
        return (all, ChunkSize.GetSize(all.Length, Processes, chunkSize, isSeparate: options is { TimeoutMilliseconds: > 0 }));
    }

    private Task<TOutput> SubmitMap<T, TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, Func<ChunkItems<T>, PreparedCall> encode, T[] items, int chunkSize,
        JobOptions? options)
        where TChunk : IMapChunk
    {
        var retained = options?.Key is null ? null : new RetainedChunks();
        var submitted = SubmitChunksAsync(collector, encode, items, chunkSize, options, retained);
        if (submitted.IsFaulted || submitted.IsCanceled)
        {
            collector.AbandonMap();
            submitted.GetAwaiter().GetResult();
        }

        _ = CompleteSubmissionAsync(collector, submitted, retained);
        return collector.Task;
    }

    /// <summary>
    /// Ends the map if a chunk cannot be submitted that had to wait for capacity. The caller already has the task of the map.
    /// </summary>
    private static async Task CompleteSubmissionAsync<TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, Task submitted, RetainedChunks? retained)
        where TChunk : IMapChunk
    {
        try
        {
            await submitted.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any reason ends the map, whose task reports it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            collector.EndEarly(exception);
            return;
        }

        _ = retained?.AcknowledgeAfter(collector.Task);
    }

    /// <summary>
    /// Submits the chunks of a map, and collects those that the pool retains. It completes synchronously while there is capacity for jobs.
    /// </summary>
    private async Task SubmitChunksAsync<T, TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, Func<ChunkItems<T>, PreparedCall> encode, T[] items, int chunkSize,
        JobOptions? options, RetainedChunks? retained)
        where TChunk : IMapChunk
    {
        // A map without items submits no job that would fail.
        if (items.Length == 0)
            _session.RequireOpen();
        collector.BeginMap(_session.AskProgress);
        try
        {
            for (var start = 0; start < items.Length && !collector.Task.IsCompleted; start += chunkSize)
            {
                var chunk = new ChunkItems<T>(start, items.AsMemory(start, Math.Min(chunkSize, items.Length - start)));
                await SubmitChunkAsync(collector, encode, chunk, options, retained).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (collector.Task.IsCompleted)
        {
            // The map has failed or timed out, so the rest is not needed.
        }
    }

    /// <summary>Submits a chunk. An item that cannot be sent fails alone if the map returns the errors of items.</summary>
    private async Task SubmitChunkAsync<T, TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, Func<ChunkItems<T>, PreparedCall> encode, ChunkItems<T> chunk,
        JobOptions? options, RetainedChunks? retained)
        where TChunk : IMapChunk
    {
        try
        {
            var job = collector.CreateJob((int)chunk.Start, chunk.Items.Length);
            await SubmitChunkJobAsync(collector, job, encode(chunk), options, retained).ConfigureAwait(false);
        }
        catch (Exception refusal) when (UnsentItems.IsRefusal(refusal))
        {
            await SubmitItemsAsync(collector, encode, chunk, options, retained, refusal).ConfigureAwait(false);
        }
    }

    private Task SubmitItemsAsync<T, TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, Func<ChunkItems<T>, PreparedCall> encode, ChunkItems<T> chunk,
        JobOptions? options, RetainedChunks? retained, Exception refusal)
        where TChunk : IMapChunk
    {
        if (collector.SplitChunk((int)chunk.Start, chunk.Items.Length) is not { } split)
            throw UnsentItems.FindFirst(encode, chunk, refusal);
        return UnsentItems.SubmitOthersAsync(
            encode, chunk, split, (job, call) => SubmitChunkJobAsync(collector, job, call, options, retained));
    }

    private Task SubmitChunkJobAsync<TChunk, TOutput>(
        MapCollector<TChunk, TOutput> collector, ChunkJob job, PreparedCall call, JobOptions? options, RetainedChunks? retained)
        where TChunk : IMapChunk
    {
        if (collector.Function is null)
            collector.Span = _telemetry.StartSpan(call.Function.Name, collector.Items);
        collector.Function = call.Function.Name;
        return SubmitPendingAsync(
            job, call, retained is null ? options : retained.AddChunk(job, options), collector.Token, collector.Span);
    }
}
