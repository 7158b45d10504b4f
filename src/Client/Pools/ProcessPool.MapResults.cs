using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public sealed partial class ProcessPool
{
    /// <summary>
    /// Calls the function for each item and gives the value or the error of each, in the order of the items, as Python's
    /// <c>asyncio.gather(return_exceptions=True)</c>.
    /// </summary>
    /// <returns>
    /// Ends when every item has. An item that failed does not fail the task. With <see cref="JobOptions.FailFast"/> or
    /// <see cref="JobOptions.MapTimeout"/> the map may end earlier: items that had not ended have a <see cref="JobCancelledException"/> or
    /// <see cref="JobTimedOutException"/> then. Items of one chunk whose worker is lost or times out fail together; with
    /// <c>chunkSize: 1</c> each is by itself.
    /// </returns>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> MapResultsAsync<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> MapResultsAsync<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync<T, TResult>(chunk => CallEncoder.Map<T>(function, chunk.Span), items, chunkSize, options, cancellationToken);

    /// <summary>As <see cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>, blocking.</summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The value or the error of each item, in the order of the items.</returns>
    public ItemResult<TResult>[] MapResults<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapResultsAsync(function, items, chunkSize, options, cancellationToken).GetAwaiter().GetResult();

    private Task<ItemResult<TResult>[]> MapResultsAsync<T, TResult>(
        Func<ReadOnlyMemory<T>, PreparedCall> encode, IEnumerable<T> items, int? chunkSize, JobOptions? options, CancellationToken cancellationToken)
    {
        var (all, size) = Divide(items, chunkSize, options);
        return SubmitMap(new MapResults<TResult>(all.Length, size, _callbacks, options, cancellationToken), encode, all, size, options);
    }
}
