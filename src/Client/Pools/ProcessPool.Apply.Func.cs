using Actors.Messages.Functions;

namespace Actors;

/// <content>Functions with a result.</content>
public partial class ProcessPool
{
    /// <summary>Submits a call of a function to a worker process and returns at once. Python's <c>apply_async</c>.</summary>
    /// <remarks>
    /// Static fields are not copied: a worker initializes them itself, so a field that <c>Main</c> assigns has its initial value there, as
    /// with Python's <c>spawn</c>. Pass the value as an argument, or assign the field in <see cref="PoolOptions.Initializer"/>. A function
    /// is rejected when it uses an F# value that only the start of the program computes.
    /// </remarks>
    /// <param name="function">
    /// The function: a static method, lambda, local function or instance method. Captured values are copied to the worker.
    /// </param>
    /// <param name="options">The options of this job; null for those of the pool.</param>
    /// <param name="cancellationToken">Cancels the job: it is not started, or is asked to stop and then killed.</param>
    /// <returns>The handle of the job; await it for the result or the exception of the function.</returns>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or a value cannot be serialized. Nothing was sent.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The pool no longer accepts jobs: it was closed, was terminated (<see cref="PoolTerminatedException"/>), or has failed
    /// (<see cref="PoolFailedException"/>).
    /// </exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost, and the pool with it.</exception>
    /// <exception cref="DurableStoreException">The store of the durable pool failed.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and the arguments exceed 12 MiB.</exception>
    public JobHandle<TResult> ApplyAsync<TResult>(
        Func<TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, TResult>(
        Func<T1, TResult> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, TResult>(
        Func<T1, T2, TResult> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
