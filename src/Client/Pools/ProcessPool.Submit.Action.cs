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

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4>(
        Action<T1, T2, T3, T4> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5>(
        Action<T1, T2, T3, T4, T5> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5, T6>(
        Action<T1, T2, T3, T4, T5, T6> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(
                function, argument1, argument2, argument3, argument4, argument5, argument6), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5, T6, T7>(
        Action<T1, T2, T3, T4, T5, T6, T7> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<ActionJobHandle> SubmitAsync<T1, T2, T3, T4, T5, T6, T7, T8>(
        Action<T1, T2, T3, T4, T5, T6, T7, T8> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7, T8 argument8,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7, argument8),
            options, cancellationToken);
}
