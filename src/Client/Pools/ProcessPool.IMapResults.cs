using Actors.Messages.Functions;
using Actors.Pools;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>
    /// Calls the function for each item and yields the value or the error of each, in item order: <c>await foreach</c> continues after a
    /// failed item.
    /// </summary>
    /// <returns>
    /// The results. An exception of <paramref name="items"/>, or a pool that no longer accepts jobs, ends the enumeration with that
    /// exception after the results of the earlier items.
    /// </returns>
    /// <inheritdoc cref="IMap{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapResults<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateResultStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <inheritdoc cref="IMapResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapResults<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateResultStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: true);

    /// <summary>
    /// Calls the function for each item and yields the value or the error of each as soon as it exists; <see cref="ItemResult{T}.Index"/>
    /// identifies the item.
    /// </summary>
    /// <inheritdoc cref="IMapResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapUnorderedResults<T, TResult>(
        Func<T, TResult> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateResultStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    /// <inheritdoc cref="IMapUnorderedResults{T, TResult}(Func{T, TResult}, IEnumerable{T}, int, int?, JobOptions?)"/>
    public IAsyncEnumerable<ItemResult<TResult>> IMapUnorderedResults<T, TResult>(
        Func<T, Task<TResult>> function, IEnumerable<T> items, int chunkSize = 1, int? maxChunksAhead = null, JobOptions? options = null) =>
        CreateResultStream<T, TResult>(
            chunk => CallEncoder.PrepareMap(function, chunk), items, chunkSize, maxChunksAhead, options, isOrdered: false);

    private MapStream<T, TResult, ItemResult<TResult>> CreateResultStream<T, TResult>(
        Func<ChunkItems<T>, PreparedCall> encode, IEnumerable<T> items,
        int chunkSize, int? maxChunksAhead, JobOptions? options, bool isOrdered) =>
        CreateStream<T, TResult, ItemResult<TResult>>(
            encode, items, chunkSize, maxChunksAhead, options, isOrdered, static (chunk, index) => chunk.TakeResult(index));
}
