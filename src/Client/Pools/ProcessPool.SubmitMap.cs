using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

/// <content>Maps whose acceptance is awaited, and that other programs attach to.</content>
public partial class ProcessPool
{
    /// <summary>
    /// Maps as <see cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/> does, and waits
    /// until all chunks are accepted: in a durable pool until they are written to the store, otherwise until the coordinator has them. From
    /// then on <see cref="MapHandle{TResults}.Id"/> can be stored, and <see cref="AttachMap"/> finds the map in any program.
    /// </summary>
    /// <remarks>
    /// A durable pool retains the results of all chunks until the whole map has ended and its results were acknowledged
    /// (<see cref="PoolOptions.Acknowledgment"/>). A program that crashes before it has stored the id can map again if the map has a
    /// <see cref="JobOptions.Key"/>.
    /// </remarks>
    /// <param name="function">The function.</param>
    /// <param name="items">The arguments; enumerated once, before anything is sent.</param>
    /// <param name="chunkSize">The number of items in one job; at least 1. Null, the default, makes four chunks for each worker.</param>
    /// <param name="options">The options of each chunk.</param>
    /// <param name="cancellationToken">
    /// Cancels the unfinished chunks, and the wait for their acceptance. Then each chunk may be accepted or not.
    /// </param>
    /// <returns>The handle of the accepted map; await it for the results in item order.</returns>
    /// <exception cref="ClientLimitException">The coordinator refused a chunk: its client has too many jobs.</exception>
    /// <exception cref="JobKeyConflictException">The key of a chunk belongs to a job with other items or another function.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)" path="/exception"/>
    public Task<MapHandle<TResult[]>> SubmitMapAsync<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SubmitMapUntilAcceptedAsync<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="SubmitMapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<MapHandle<TResult[]>> SubmitMapAsync<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SubmitMapUntilAcceptedAsync<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Returns a handle for a map of a durable pool that this or another program submitted with <c>SubmitMapAsync</c>. Several programs can
    /// attach to a map at the same time, and each receives all results.
    /// </summary>
    /// <typeparam name="T">The result type of the function.</typeparam>
    /// <param name="mapId">The <see cref="MapHandle{TResults}.Id"/> of the map.</param>
    /// <returns>
    /// The handle. Awaiting it gives the results in item order. It throws <see cref="JobNotFoundException"/> when the map is unknown or its
    /// results have expired, and <see cref="InvalidDataException"/> when the results cannot be read as <typeparamref name="T"/>. Then they
    /// are retained, so that you can attach with the right type.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="mapId"/> is not the id of a map, for example the id of a job.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pool is not durable or has ended in this program, or this program waits for the acceptance of the map.
    /// </exception>
    public MapHandle<T[]> AttachMap<T>(string mapId)
    {
        var id = ParseMapId(mapId);
        return AttachChunks(
            id,
            new MapValues<T>(id.Items, id.ChunkSize, _callbacks, null, CancellationToken.None) { Unseen = _session.UnseenFailures });
    }

    /// <summary>
    /// Returns a handle for the value or the error of each item of a map, as
    /// <see cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>; otherwise as
    /// <see cref="AttachMap{T}"/>.
    /// </summary>
    /// <returns>The handle. Awaiting it gives the value or the error of each item, in item order.</returns>
    /// <inheritdoc cref="AttachMap{T}"/>
    public MapHandle<ItemResult<T>[]> AttachMapResults<T>(string mapId)
    {
        var id = ParseMapId(mapId);
        return AttachChunks(id, new MapResults<T>(id.Items, id.ChunkSize, _callbacks, null, CancellationToken.None));
    }

    private async Task<MapHandle<TResult[]>> SubmitMapUntilAcceptedAsync<T, TResult>(
        Func<ChunkItems<T>, PreparedCall> encode, IEnumerable<T> items, int? chunkSize, JobOptions? options,
        CancellationToken cancellationToken)
    {
        var (all, size) = ReadItems(items, chunkSize, options);
        var collector = new MapValues<TResult>(all.Length, size, _callbacks, options, cancellationToken)
        {
            Unseen = _session.UnseenFailures,
        };
        var chunks = new RetainedChunks();
        try
        {
            await SubmitChunksAsync(collector, encode, all, size, options, chunks).ConfigureAwait(false);
        }
        catch
        {
            collector.AbandonMap();
            throw;
        }

        try
        {
            foreach (var chunk in chunks.All)
                await _control.GetAcceptance(chunk).WaitAsync(cancellationToken).ConfigureAwait(false);
            // A map that has failed meanwhile has not submitted all chunks, so it has no id.
            if (chunks.All.Count * (long)size < all.Length)
                await collector.Task.ConfigureAwait(false);
        }
        catch
        {
            // The caller receives this exception and no handle.
            _ = collector.Task.Exception;
            throw;
        }

        return CreateHandle(new MapId(all.Length, size, [.. chunks.All.Select(chunk => chunk.Id.Value)]), chunks, collector.Task);
    }

    private MapHandle<TOutput> AttachChunks<T, TOutput>(MapId id, MapCollector<MapChunk<T>, TOutput> collector)
    {
        var chunks = new RetainedChunks();
        foreach (var (start, count, job) in id.Chunks)
            chunks.AddChunk(new MapJob<T>(start, count, collector.CollectChunk) { Id = new JobId(job), Control = _control }, null);
        collector.BeginMap(_session.AskProgress);
        ((IDurablePoolSession)_session).AttachJobs(chunks.All);
        return CreateHandle(id, chunks, collector.Task);
    }

    private MapHandle<TOutput> CreateHandle<TOutput>(MapId id, RetainedChunks chunks, Task<TOutput> results) =>
        new(id, chunks, _control, results, _options.Acknowledgment == ResultAcknowledgment.Explicit);

    private MapId ParseMapId(string mapId)
    {
        ArgumentNullException.ThrowIfNull(mapId);
        RequireDurable("map", mapId);
        return MapId.Parse(mapId);
    }
}
