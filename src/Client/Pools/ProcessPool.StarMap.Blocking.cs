using System.Runtime.CompilerServices;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>Blocking form of <c>StarMapAsync</c>, as Python's <c>starmap()</c>.</summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in item order.</returns>
    public TResult[] StarMap<T1, T2, TResult>(
        Func<T1, T2, TResult> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <c>StarMapAsync</c>, as Python's <c>starmap()</c>.</summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in item order.</returns>
    public TResult[] StarMap<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <c>StarMapResultsAsync</c>.</summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in item order.</returns>
    public ItemResult<TResult>[] StarMapResults<T1, T2, TResult>(
        Func<T1, T2, TResult> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapResultsAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <summary>Blocking form of <c>StarMapResultsAsync</c>.</summary>
    /// <inheritdoc cref="MapResultsAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in item order.</returns>
    public ItemResult<TResult>[] StarMapResults<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapResultsAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, int?, JobOptions?,
    /// CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult[] StarMap<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="StarMap{T1, T2, T3, TResult}(Func{T1, T2, T3, TResult}, IEnumerable{ValueTuple{T1, T2, T3}}, int?, JobOptions?,
    /// CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult[] StarMap<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="StarMapResults{T1, T2, TResult}(Func{T1, T2, TResult}, IEnumerable{ValueTuple{T1, T2}}, int?, JobOptions?,
    /// CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ItemResult<TResult>[] StarMapResults<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapResultsAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="StarMapResults{T1, T2, T3, TResult}(Func{T1, T2, T3, TResult}, IEnumerable{ValueTuple{T1, T2, T3}}, int?,
    /// JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ItemResult<TResult>[] StarMapResults<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        StarMapResultsAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();
}
