using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors;

/// <summary>
/// Runs functions in a pool with a service of the worker (<see cref="PoolOptions.Services"/>), from the scope of the job. Get it with
/// <see cref="ProcessPool.With{TService}"/>. Thread-safe.
/// </summary>
/// <typeparam name="TService">The type that was added to the services.</typeparam>
/// <example>
/// <code>
/// Pdf pdf = await pool.With&lt;Renderer&gt;().ApplyAsync(renderer => renderer.RenderAsync(invoice));
/// </code>
/// </example>
public sealed class ServiceJobs<TService>
    where TService : notnull
{
    private readonly ProcessPool _pool;

    internal ServiceJobs(ProcessPool pool) => _pool = pool;

    /// <summary>Submits a call of the function with the service, and returns its handle, which can be awaited.</summary>
    /// <param name="function">A lambda or method of the program's own assemblies; captured values are passed by value.</param>
    /// <param name="options">The options of the job.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>
    /// The handle. The job fails with <see cref="InvalidOperationException"/> when the service was not added or cannot be created.
    /// </returns>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or its result or a captured value cannot be serialized.
    /// </exception>
    /// <exception cref="InvalidOperationException">The pool no longer accepts jobs.</exception>
    public JobHandle<TResult> ApplyAsync<TResult>(
        Func<TService, TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitCall<TResult>(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<TResult>(
        Func<TService, Task<TResult>> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitCall<TResult>(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    public ActionJobHandle ApplyAsync(
        Action<TService> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitCall(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    public ActionJobHandle ApplyAsync(
        Func<TService, Task> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitCall(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <summary>
    /// Submits a call of the function with the service, and completes when the pool has accepted the job; a durable pool has written it by
    /// then. See <see cref="ProcessPool.SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<TResult>(
        Func<TService, TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<JobHandle<TResult>> SubmitAsync<TResult>(
        Func<TService, Task<TResult>> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync(
        Action<TService> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitUntilAcceptedAsync(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync(
        Func<TService, Task> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        _pool.SubmitUntilAcceptedAsync(CallEncoder.PrepareServiceCall(function), options, cancellationToken);

    /// <summary>
    /// Blocking form of <see cref="ApplyAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>: returns the result.
    /// </summary>
    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    /// <returns>The result.</returns>
    public TResult Apply<TResult>(
        Func<TService, TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(function, options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    public void Apply(Action<TService> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(function, options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult Apply<TResult>(
        Func<TService, Task<TResult>> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(function, options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TService, TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public void Apply(Func<TService, Task> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(function, options, cancellationToken).Task.WaitForResult();

    /// <summary>
    /// Calls the function with the service for each item, and returns the results in item order. The items of a chunk share the scope of
    /// their job. See <see cref="ProcessPool.MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?,
    /// CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc
    /// cref="ProcessPool.MapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> MapAsync<T, TResult>(
        Func<TService, T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) => _pool.MapAsync<T, TResult>(
        chunk => CallEncoder.PrepareServiceMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <inheritdoc cref="MapAsync{T, TResult}(Func{TService, T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<TResult[]> MapAsync<T, TResult>(
        Func<TService, T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) => _pool.MapAsync<T, TResult>(
        chunk => CallEncoder.PrepareServiceMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Blocking form of <see cref="MapAsync{T, TResult}(Func{TService, T, TResult}, IEnumerable{T}, int?, JobOptions?,
    /// CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="MapAsync{T, TResult}(Func{TService, T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    /// <returns>The results, in item order.</returns>
    public TResult[] Map<T, TResult>(
        Func<TService, T, TResult> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();

    /// <inheritdoc cref="Map{T, TResult}(Func{TService, T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult[] Map<T, TResult>(
        Func<TService, T, Task<TResult>> function, IEnumerable<T> items, int? chunkSize = null, JobOptions? options = null,
        CancellationToken cancellationToken = default) =>
        MapAsync(function, items, chunkSize, options, cancellationToken).WaitForResult();
}
