using Actors.Messages.Functions;

namespace Actors;

/// <content>Submissions whose acceptance is awaited: async functions with a result that return <see cref="ValueTask{TResult}"/>.</content>
public partial class ProcessPool
{
    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<TResult>(
        Func<ValueTask<TResult>> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, TResult>(
        Func<T1, ValueTask<TResult>> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, TResult>(
        Func<T1, T2, ValueTask<TResult>> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, ValueTask<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, ValueTask<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, T4, T5, TResult>(
        Func<T1, T2, T3, T4, T5, ValueTask<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5), options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, T4, T5, T6, TResult>(
        Func<T1, T2, T3, T4, T5, T6, ValueTask<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7),
            options, cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public Task<JobHandle<TResult>> SubmitAsync<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TResult>> function,
        T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7, T8 argument8,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitUntilAcceptedAsync<TResult>(
            CallEncoder.PrepareCall(function, argument1, argument2, argument3, argument4, argument5, argument6, argument7, argument8),
            options, cancellationToken);
}
