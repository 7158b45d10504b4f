using Actors.Messages;

namespace Actors;

/// <summary>A worker: a child process that runs jobs of a pool.</summary>
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

    /// <summary>The worker node that it runs on, for people.</summary>
    public string Node { get; }

    /// <summary>Its process id on that node's machine.</summary>
    public int ProcessId { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited { get; }

    /// <summary>How it ended, as Python has it: the exit code, or the negative number of the signal that ended it. Null while it runs, or when nobody knows.</summary>
    public int? ExitCode { get; }

    internal ExecutorId Id { get; }
}
