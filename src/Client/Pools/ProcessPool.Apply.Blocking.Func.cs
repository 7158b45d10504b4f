using Actors.Messages.Functions;

namespace Actors;

/// <content>Blocking calls of functions with a result.</content>
public partial class ProcessPool
{
    /// <summary>Calls a function in a worker process and blocks until it returns. Python's <c>apply</c>.</summary>
    /// <param name="function">
    /// The function: a static method, lambda, local function or instance method. Captured values are copied to the worker.
    /// </param>
    /// <param name="options">The options of this job; null for those of the pool.</param>
    /// <param name="cancellationToken">Cancels the job: it is not started, or is asked to stop and then killed.</param>
    /// <returns>The return value of the function. An exception of the function is thrown here.</returns>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or a value cannot be serialized. Nothing was sent.
    /// </exception>
    public TResult Apply<TResult>(Func<TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public TResult Apply<T1, TResult>(
        Func<T1, TResult> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public TResult Apply<T1, T2, TResult>(
        Func<T1, T2, TResult> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public TResult Apply<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken).Task.WaitForResult();
}
