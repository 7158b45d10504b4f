using Actors.Messages.Functions;

namespace Actors;

/// <content>Functions without a result.</content>
public partial class ProcessPool
{
    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public ActionJobHandle ApplyAsync(Action function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public ActionJobHandle ApplyAsync<T1>(
        Action<T1> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public ActionJobHandle ApplyAsync<T1, T2>(
        Action<T1, T2> function, T1 argument1, T2 argument2, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    public ActionJobHandle ApplyAsync<T1, T2, T3>(
        Action<T1, T2, T3> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
