using Actors.Messages.Functions;

namespace Actors;

/// <content>Functions that return a value.</content>
public sealed partial class ProcessPool
{
    /// <summary>Calls a function in a worker process, and returns at once. (Python's <c>apply_async</c>.)</summary>
    /// <remarks>
    /// Static fields are not copied: a worker computes them by their initializers, and a field that <c>Main</c> assigns has its initial value there, as with
    /// Python's <c>spawn</c>. Pass the value as an argument, or assign the field in <see cref="PoolOptions.Initializer"/>. A function that uses an F#
    /// value which only the start of the program computes is refused.
    /// </remarks>
    /// <param name="function">The function: a static method, a lambda, an instance method; what it captures is copied to the worker.</param>
    /// <param name="options">How this job differs from what the pool does.</param>
    /// <param name="cancellationToken">Cancels the job: it is not started any more, or is asked to stop and then killed.</param>
    /// <returns>The job; await it for the function's result or exception.</returns>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried: nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The pool takes no jobs any more: it was closed, was terminated (<see cref="PoolTerminatedException"/>), or cannot run any (<see cref="PoolFailedException"/>).</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone, and the pool with it.</exception>
    /// <exception cref="DurableStoreException">The pool is durable, and its store took its events no more.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and the arguments do not fit into a message.</exception>
    public JobHandle<TResult> ApplyAsync<TResult>(
        Func<TResult> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(CallEncoder.Single(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, TResult>(
        Func<T1, TResult> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(CallEncoder.Single(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, TResult>(
        Func<T1, T2, TResult> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(CallEncoder.Single(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(CallEncoder.Single(function, argument1, argument2, argument3), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, TResult> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(CallEncoder.Single(function, argument1, argument2, argument3, argument4), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, T4, T5, TResult>(
        Func<T1, T2, T3, T4, T5, TResult> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(CallEncoder.Single(function, argument1, argument2, argument3, argument4, argument5), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, T4, T5, T6, TResult>(
        Func<T1, T2, T3, T4, T5, T6, TResult> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(
            CallEncoder.Single(function, argument1, argument2, argument3, argument4, argument5, argument6),
            options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, TResult> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(
            CallEncoder.Single(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7),
            options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public JobHandle<TResult> ApplyAsync<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7, T8 argument8,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        Submit<TResult>(
            CallEncoder.Single(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7, argument8),
            options, cancellationToken);
}
