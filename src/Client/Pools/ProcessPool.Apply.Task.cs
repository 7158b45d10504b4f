using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors;

/// <content>
/// Async functions without a result. Preferred to the overloads for <see cref="ValueTask"/>, because an async lambda matches both.
/// </content>
public partial class ProcessPool
{
    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ActionJobHandle ApplyAsync(Func<Task> function, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ActionJobHandle ApplyAsync<T1>(
        Func<T1, Task> function, T1 argument1, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ActionJobHandle ApplyAsync<T1, T2>(
        Func<T1, T2, Task> function,
        T1 argument1, T2 argument2,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{TResult}(Func{TResult}, JobOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public ActionJobHandle ApplyAsync<T1, T2, T3>(
        Func<T1, T2, T3, Task> function,
        T1 argument1, T2 argument2, T3 argument3,
        JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitCall(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
