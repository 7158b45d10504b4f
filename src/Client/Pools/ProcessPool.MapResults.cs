using System.Runtime.CompilerServices;
using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>
    /// Calls the function for each item and returns the value or the error of each in item order, as Python's
    /// <c>asyncio.gather(return_exceptions=True)</c>.
    /// </summary>
    /// <returns>
    /// A task that completes when every item has ended; a failed item does not fail it. With <see cref="JobOptions.FailFast"/> or
    /// <see cref="JobOptions.MapTimeout"/> the map can end earlier: unfinished items then have a <see cref="JobCanceledException"/> or
    /// <see cref="JobTimedOutException"/>. The items of a chunk fail together when its worker is lost or a timeout is exceeded; use
    /// <c>chunkSize: 1</c> to separate them.
    /// </returns>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> MapResultsAsync<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync<T, TResult>(chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> MapResultsAsync<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync<T, TResult>(chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Blocking form of <see cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The value or the error of each item, in item order.</returns>
    public ItemResult<TResult>[] MapResults<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="MapResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ItemResult<TResult>[] MapResults<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    private Task<ItemResult<TResult>[]> MapResultsAsync<T, TResult>(
        Func<ChunkItems<T>, PreparedCall> encode, IEnumerable<T> items,
        int? chunkSize, JobOptions? options, CancellationToken cancellationToken)
    {
        var (all, size) = ReadItems(items, chunkSize, options);
        return SubmitMap(new MapResults<TResult>(all.Length, size, _callbacks, options, cancellationToken), encode, all, size, options);
    }
}
