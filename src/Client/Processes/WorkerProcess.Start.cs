using Actors.Messages.Functions;

namespace Actors;

public sealed partial class WorkerProcess
{
    /// <summary>
    /// Starts a process that runs the function, as Python's <c>Process(target=…, args=…).start()</c>. Returns when the process runs.
    /// </summary>
    /// <param name="function">The function to run: any static method, lambda or instance method of the program's own assemblies.</param>
    /// <param name="connect">
    /// Null, the default, starts the process on this machine. <c>HOST:PORT</c> of a coordinator, or a comma-separated list of several,
    /// starts it on a cluster.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or an argument is of a type that cannot be serialized.
    /// </exception>
    /// <exception cref="FormatException"><paramref name="connect"/> is not an address or a comma-separated list of addresses.</exception>
    /// <exception cref="InvalidOperationException">
    /// The coordinator is on another machine and no certificates are configured, or the certificates or the key file are unusable.
    /// </exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">
    /// This program and the coordinator have different keys.
    /// </exception>
    /// <exception cref="CoordinatorUnreachableException">
    /// No coordinator answers at <paramref name="connect"/>, or it has an incompatible version.
    /// </exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost during the call.</exception>
    /// <exception cref="PoolFailedException">The process did not start.</exception>
    public static Task<WorkerProcess> StartAsync(
        Action function, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync(
        Func<Task> function, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1>(
        Action<T1> function, T1 argument1, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1>(
        Func<T1, Task> function, T1 argument1, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2>(
        Action<T1, T2> function, T1 argument1, T2 argument2, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2>(
        Func<T1, T2, Task> function, T1 argument1, T2 argument2, string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2, T3>(
        Action<T1, T2, T3> function,
        T1 argument1, T2 argument2, T3 argument3,
        string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), connect, cancellationToken);

    /// <inheritdoc cref="StartAsync(Action, string?, CancellationToken)"/>
    public static Task<WorkerProcess> StartAsync<T1, T2, T3>(
        Func<T1, T2, T3, Task> function,
        T1 argument1, T2 argument2, T3 argument3,
        string? connect = null, CancellationToken cancellationToken = default) =>
        StartAsync(CallEncoder.PrepareCall(function, argument1, argument2, argument3), connect, cancellationToken);

    private static Task<WorkerProcess> StartAsync(PreparedCall call, string? connect, CancellationToken cancellationToken) =>
        StartAsync(call, new WorkerProcessOptions { Connect = connect }, cancellationToken);

    private static async Task<WorkerProcess> StartAsync(
        PreparedCall call, WorkerProcessOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var process = new WorkerProcess(call, options);
        await process.StartAsync(cancellationToken).ConfigureAwait(false);
        return process;
    }
}
