using Actors.Messages.Functions;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>
    /// Calls the function with the elements of each tuple as arguments, as Python's <c>starmap_async()</c>. Results and errors are those of
    /// <c>MapAsync</c>.
    /// </summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        Func<T1, T2, TResult> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapAsync<(T1, T2), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>Calls the function with the elements of each tuple as arguments, as Python's <c>starmap_async()</c>.</summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapAsync<(T1, T2), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>Calls the function with the elements of each tuple as arguments, as Python's <c>starmap_async()</c>.</summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapAsync<(T1, T2, T3), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>Calls the function with the elements of each tuple as arguments, as Python's <c>starmap_async()</c>.</summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> StarMapAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        MapAsync<(T1, T2, T3), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);
}
