using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors;

/// <content>Submissions whose acceptance is awaited: async functions without a result.</content>
public partial class ProcessPool
{
    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync(
        Func<Task> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1>(
        Func<T1, Task> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2>(
        Func<T1, T2, Task> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3>(
        Func<T1, T2, T3, Task> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4>(
        Func<T1, T2, T3, T4, Task> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5>(
        Func<T1, T2, T3, T4, T5, Task> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5, T6>(
        Func<T1, T2, T3, T4, T5, T6, Task> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(
                function, argument1, argument2, argument3, argument4, argument5, argument6), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5, T6, T7>(
        Func<T1, T2, T3, T4, T5, T6, T7, Task> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5, T6, T7, T8>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7, T8 argument8,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7, argument8),
            options, cancellationToken);
}
