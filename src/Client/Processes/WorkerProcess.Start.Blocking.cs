namespace Actors;

/// <content>Blocking starts of a process.</content>
public sealed partial class WorkerProcess
{
    /// <summary>
    /// Blocking form of <see cref="StartAsync(Action, WorkerProcessOptions, CancellationToken)"/>, as Python's
    /// <c>Process(target=…, args=…).start()</c>: starts a process that runs the function.
    /// </summary>
    /// <param name="function">The function to run: any static method, lambda or instance method of the program's own assemblies.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="Exception">The exceptions of <see cref="StartAsync(Action, string?, CancellationToken)"/>.</exception>
    public static WorkerProcess Start(
        Action function,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start(
        Func<Task> function,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start<T1>(
        Action<T1> function,
        T1 argument1,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, argument1, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start<T1>(
        Func<T1, Task> function,
        T1 argument1,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, argument1, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start<T1, T2>(
        Action<T1, T2> function,
        T1 argument1, T2 argument2,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, argument1, argument2, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start<T1, T2>(
        Func<T1, T2, Task> function,
        T1 argument1, T2 argument2,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, argument1, argument2, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start<T1, T2, T3>(
        Action<T1, T2, T3> function,
        T1 argument1, T2 argument2, T3 argument3,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, argument1, argument2, argument3, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();

    /// <inheritdoc cref="Start(Action, WorkerProcessOptions?, CancellationToken)"/>
    public static WorkerProcess Start<T1, T2, T3>(
        Func<T1, T2, T3, Task> function,
        T1 argument1, T2 argument2, T3 argument3,
        WorkerProcessOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(function, argument1, argument2, argument3, options ?? new WorkerProcessOptions(), cancellationToken).WaitForResult();
}
