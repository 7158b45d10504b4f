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
}
