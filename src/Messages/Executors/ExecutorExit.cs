using MemoryPack;

namespace Actors.Messages.Executors;

/// <summary>The reason for the end of a worker process.</summary>
public enum ExecutorExitReason : byte
{
    /// <summary>It was told to stop, or reached a limit for its replacement.</summary>
    Retired = 0,

    /// <summary>It ended by itself: an exit, a crash, or a signal from another process.</summary>
    Crashed = 1,

    /// <summary>It was killed because its job exceeded the timeout.</summary>
    TimedOut = 2,

    /// <summary>It was killed because its canceled job did not end in time.</summary>
    Canceled = 3,

    /// <summary>It was killed because it exceeded the memory limit of the pool.</summary>
    MemoryExceeded = 4,

    /// <summary>It was killed because its pool ended.</summary>
    PoolEnded = 5,

    /// <summary>It could not be started, or could not load the code.</summary>
    StartFailed = 6,

    /// <summary>The pool's initializer threw.</summary>
    InitializerThrew = 7,

    /// <summary>Its worker node was lost.</summary>
    NodeLost = 8,

    /// <summary>The client had it killed.</summary>
    Killed = 9,

    /// <summary>It was killed because it violated the protocol with its node.</summary>
    BrokeProtocol = 10,

    /// <summary>Its node drains, and its running job was canceled and did not end with an outcome.</summary>
    Drained = 11,
}

/// <summary>How a worker process ended.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="ExitCode">The exit code, or the negative number of the signal that ended it, as in Python; null if unknown.</param>
/// <param name="LastOutput">The last lines of its standard error, such as a crash report.</param>
/// <param name="Item">The item of a chunk that was running, counted from 1; 0 for none.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ExecutorExit(ExecutorExitReason Reason, int? ExitCode, string LastOutput, int Item = 0);
