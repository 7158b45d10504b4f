using Actors.Messages.Functions;

namespace Actors;

/// <content>Submissions whose acceptance is awaited: functions without a result.</content>
public partial class ProcessPool
{
    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync(Action function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1>(
        Action<T1> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2>(
        Action<T1, T2> function, T1 argument1, T2 argument2, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3>(
        Action<T1, T2, T3> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
