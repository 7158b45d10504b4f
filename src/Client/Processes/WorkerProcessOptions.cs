using Actors.Runtime;

namespace Actors;

/// <summary>Options of a <see cref="WorkerProcess"/>. Immutable; change a copy with <c>with</c>.</summary>
public sealed record WorkerProcessOptions
{
    /// <summary>
    /// The name, as Python's <c>name</c>. Default: null, a counted name such as <c>WorkerProcess-1</c>, or <c>WorkerProcess-1:2</c> for a
    /// child of that process.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether the process ends with its owner, as Python's <c>daemon</c>. True: disposing the object kills the process. False: disposing
    /// the object, and the end of this program, wait until the function has returned. A program that is killed with <c>kill -9</c> always
    /// takes its worker processes with it. Default: true.
    /// </summary>
    public bool IsDaemon { get; init; } = true;

    /// <summary>
    /// The cluster on which to start the process: <c>HOST:PORT</c> of a coordinator, or a comma-separated list of several. Default: null,
    /// this machine.
    /// </summary>
    public string? Connect { get; init; }

    /// <summary>
    /// The time that a coordinator has to answer when the process is started, and then to accept the process; then
    /// <see cref="WorkerProcess.StartAsync(CancellationToken)"/> throws. For processes on a cluster. From 0 to 24.8 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Default: 30 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = ClientRuntime.ConnectTimeout;

    /// <summary>The stream for the standard output, as unaltered bytes. Default: null, this process's standard output.</summary>
    public Stream? Output { get; init; }

    /// <summary>
    /// The stream for the standard error, as unaltered bytes, and for the exception of the function. Complete when
    /// <see cref="WorkerProcess.JoinAsync(CancellationToken)"/> returns. Default: null, this process's standard error.
    /// </summary>
    public Stream? Error { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Validate() => TimeoutRule.RequireValid(ConnectTimeout);
}
