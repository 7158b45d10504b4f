using Actors.Messages;
using Actors.Pools;

namespace Actors;

/// <summary>Describes a worker, the child process that runs jobs of a pool. Immutable.</summary>
public sealed record WorkerInfo
{
    internal WorkerInfo(ExecutorId id, string node, int processId, bool hasExited, int? exitCode)
    {
        Id = id;
        Node = node;
        ProcessId = processId;
        HasExited = hasExited;
        ExitCode = exitCode;
    }

    /// <summary>Gets the name of the worker node that runs the worker.</summary>
    public string Node { get; }

    /// <summary>Gets the process id on the machine of that node.</summary>
    public int ProcessId { get; }

    /// <summary>Gets whether the process has ended.</summary>
    public bool HasExited { get; }

    /// <summary>
    /// Gets the exit code, or the negative number of the signal that ended the process, as Python does. Null while the process runs, or
    /// when the code is unknown.
    /// </summary>
    public int? ExitCode { get; }

    internal ExecutorId Id { get; }

    /// <summary>The position among all workers of the pool, in the order of their starts.</summary>
    internal long Number { get; init; }

    /// <summary>The session of the pool; null for a worker of no pool.</summary>
    internal IPoolSession? Session { get; init; }

    /// <summary>
    /// Sends a signal to the worker, to simulate a fault. The job of a worker that ends is retried if permitted, and another worker
    /// replaces it. Does not wait for that. Does nothing when the worker or its pool has ended.
    /// </summary>
    /// <param name="signal">The signal. Default: <see cref="WorkerSignal.Kill"/>.</param>
    /// <exception cref="NotSupportedException">
    /// The worker runs on a cluster, where only <see cref="WorkerSignal.Kill"/> and <see cref="WorkerSignal.Terminate"/> are supported; or
    /// the pool has no processes that could receive the signal.
    /// </exception>
    public void Kill(WorkerSignal signal = WorkerSignal.Kill) => Session?.SignalWorker(Id, signal);
}
