using MemoryPack;

namespace Actors.Messages.Executors;

/// <summary>Why an executor process ended.</summary>
public enum ExecutorExitReason : byte
{
    /// <summary>It was told to stop and did, or had run as many jobs as it may.</summary>
    Retired = 0,

    /// <summary>It ended by itself: exit, crash, or a signal from outside.</summary>
    Crashed = 1,

    /// <summary>It was killed because its job ran over the timeout.</summary>
    TimedOut = 2,

    /// <summary>It was killed because its cancelled job did not end within the grace time.</summary>
    Cancelled = 3,

    /// <summary>It was killed because it took more memory than the pool allows.</summary>
    MemoryExceeded = 4,

    /// <summary>It was killed because its pool ended.</summary>
    PoolEnded = 5,

    /// <summary>It could not be started, or could not load the code.</summary>
    StartFailed = 6,

    /// <summary>The pool's initializer threw.</summary>
    InitializerThrew = 7,

    /// <summary>Its worker node was lost.</summary>
    NodeLost = 8,

    /// <summary>The client asked for it to be killed.</summary>
    Killed = 9,

    /// <summary>It was killed because it sent its node what no worker sends.</summary>
    BrokeProtocol = 10,
}

/// <summary>The end of an executor process.</summary>
/// <param name="Reason">Why.</param>
/// <param name="ExitCode">As Python has it: the exit code, or the negative signal number when a signal ended it; null when unknown.</param>
/// <param name="LastOutput">The last lines that it wrote to its standard error, a crash report among them.</param>
/// <param name="Item">The item of a map's chunk that it was running, counted from 1; 0 for none.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ExecutorExit(ExecutorExitReason Reason, int? ExitCode, string LastOutput, int Item = 0);
