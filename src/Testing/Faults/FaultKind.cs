namespace Actors.Testing;

/// <summary>The kind of a <see cref="Fault"/>.</summary>
public enum FaultKind
{
    /// <summary>A signal ends the worker.</summary>
    Kill,

    /// <summary>The worker exits by itself.</summary>
    Exit,

    /// <summary>The job throws an exception.</summary>
    Throw,

    /// <summary>The job does not end.</summary>
    Hang,

    /// <summary>The job takes longer.</summary>
    Delay,

    /// <summary>The worker process is stopped for a time.</summary>
    Pause,

    /// <summary>The job exceeds the memory limit of its worker.</summary>
    ExceedMemory,

    /// <summary>The job is delivered twice: the function is called twice in one attempt.</summary>
    DeliverTwice,

    /// <summary>The result of the job is lost on its way to the pool.</summary>
    LoseResult,

    /// <summary>Messages are lost.</summary>
    DropMessages,

    /// <summary>Messages arrive later.</summary>
    DelayMessages,

    /// <summary>Messages arrive in another order.</summary>
    ReorderMessages,

    /// <summary>Messages arrive twice.</summary>
    DuplicateMessages,

    /// <summary>No message arrives.</summary>
    Partition,

    /// <summary>A worker node is stopped for a time.</summary>
    PauseNode,

    /// <summary>A worker node ends with all its workers, and starts again later.</summary>
    KillNode,

    /// <summary>The coordinator ends with everything in its memory, and starts again later.</summary>
    RestartCoordinator,

    /// <summary>The time of day jumps.</summary>
    JumpClock,

    /// <summary>Writes of the coordinator's store fail.</summary>
    FailWrites,

    /// <summary>The disk of the coordinator's store is full.</summary>
    FillDisk,
}
