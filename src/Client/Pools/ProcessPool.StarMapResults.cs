using Actors.Messages.Functions;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>
    /// Calls the function with the elements of each tuple as arguments and returns the value or the error of each. Results are those of
    /// <c>MapResultsAsync</c>.
    /// </summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> StarMapResultsAsync<T1, T2, TResult>(
        Func<T1, T2, TResult> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapResultsAsync<(T1, T2), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>Calls the function with the elements of each tuple as arguments and returns the value or the error of each.</summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> StarMapResultsAsync<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapResultsAsync<(T1, T2), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>Calls the function with the elements of each tuple as arguments and returns the value or the error of each.</summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> StarMapResultsAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapResultsAsync<(T1, T2, T3), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>Calls the function with the elements of each tuple as arguments and returns the value or the error of each.</summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<ItemResult<TResult>[]> StarMapResultsAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapResultsAsync<(T1, T2, T3), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);
}
