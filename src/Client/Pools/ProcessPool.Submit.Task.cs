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
}
