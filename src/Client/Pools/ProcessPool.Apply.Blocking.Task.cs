using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors;

/// <content>Blocking calls of async functions.</content>
public partial class ProcessPool
{
    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult Apply<TResult>(
        Func<Task<TResult>> function,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult Apply<T1, TResult>(
        Func<T1, Task<TResult>> function,
        T1 argument1,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult Apply<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public TResult Apply<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public void Apply(
        Func<Task> function,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public void Apply<T1>(
        Func<T1, Task> function,
        T1 argument1,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public void Apply<T1, T2>(
        Func<T1, T2, Task> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken).Task.WaitForResult();

    /// <inheritdoc cref="Apply{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public void Apply<T1, T2, T3>(
        Func<T1, T2, T3, Task> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken).Task.WaitForResult();
}
