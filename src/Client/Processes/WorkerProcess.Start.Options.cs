using Actors.Messages.Functions;

namespace Actors;

/// <content>Starting a process with options.</content>
public sealed partial class WorkerProcess
{
    /// <summary>Starts a process that runs the function, with options. Returns when the process runs.</summary>
    /// <param name="function">The function to run: any static method, lambda or instance method of the program's own assemblies.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="Exception">The exceptions of <see cref="StartAsync(Action, string?, CancellationToken)"/>.</exception>
    public static Task<WorkerProcess> StartAsync(
        Action function, WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync(
        Func<Task> function, WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1>(
        Action<T1> function,
        T1 argument1,
        WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1>(
        Func<T1, Task> function,
        T1 argument1,
        WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2>(
        Action<T1, T2> function,
        T1 argument1, T2 argument2,
        WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2>(
        Func<T1, T2, Task> function,
        T1 argument1, T2 argument2,
        WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2, T3>(
        Action<T1, T2, T3> function,
        T1 argument1, T2 argument2, T3 argument3,
        WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2, T3>(
        Func<T1, T2, T3, Task> function,
        T1 argument1, T2 argument2, T3 argument3,
        WorkerProcessOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), options, cancellationToken);
}
