using Actors.Messages.Functions;

namespace Actors;

/// <content>Submissions whose acceptance is awaited: async functions without a result that return <see cref="ValueTask"/>.</content>
public partial class ProcessPool
{
    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync(
        Func<ValueTask> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1>(
        Func<T1, ValueTask> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2>(
        Func<T1, T2, ValueTask> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3>(
        Func<T1, T2, T3, ValueTask> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
