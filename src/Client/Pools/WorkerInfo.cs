using Actors.Messages;

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
}
