using Actors.Messages.Functions;

namespace Actors;

/// <content>Submissions whose acceptance is awaited: functions with a result.</content>
public partial class ProcessPool
{
    /// <summary>
    /// Submits a call of a function as <see cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/> does, and waits
    /// until the job is accepted: in a durable pool until it is written to the store, otherwise until the coordinator has it. From then on
    /// <see cref="JobHandle.Id"/> of a durable job can be stored, and <see cref="Attach"/> finds the job in any program.
    /// </summary>
    /// <remarks>
    /// Waiting for each job limits a durable pool to one job for each write of the store. Submit many jobs at once, or use
    /// <c>ApplyAsync</c> and await <see cref="JobHandle.Accepted"/> of the last handle: jobs are accepted in the order of submission.
    /// </remarks>
    /// <param name="function">
    /// The function: a static method, lambda, local function or instance method. Captured values are copied to the worker.
    /// </param>
    /// <param name="options">The options of this job; null for those of the pool.</param>
    /// <param name="cancellationToken">
    /// Cancels the job, and the wait for its acceptance. A job whose acceptance was not awaited to the end may be accepted or not.
    /// </param>
    /// <returns>The handle of the accepted job; await it for the result or the exception of the function.</returns>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or a value cannot be serialized. Nothing was sent.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The pool no longer accepts jobs: it was closed, was terminated (<see cref="PoolTerminatedException"/>), or has failed
    /// (<see cref="PoolFailedException"/>).
    /// </exception>
    /// <exception cref="ClientLimitException">The coordinator refused the job: its client has too many.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost. The job may be accepted or not.</exception>
    /// <exception cref="DurableStoreException">The job could not be written to the store of the durable pool.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and the arguments exceed 12 MiB.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public Task<JobHandle<TResult>> SubmitAsync<TResult>(
        Func<TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, TResult>(
        Func<T1, TResult> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, TResult>(
        Func<T1, T2, TResult> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
