namespace Actors.Simulation.Tests.Kernel;

/// <summary>One decision of a schedule: an operation of a user, or a fault.</summary>
/// <param name="AtMilliseconds">The virtual time.</param>
/// <param name="Kind">The name of the operation or fault.</param>
/// <param name="Argument">Decides the details: which part, how long, how many.</param>
internal readonly record struct PlannedStep(int AtMilliseconds, StepKind Kind, int Argument)
{
    public bool IsFault => Kind >= StepKind.FirstFault;

    /// <inheritdoc/>
    public override string ToString() => $"{AtMilliseconds,6} ms  {Kind} {Argument}";
}

/// <summary>The operations and faults of all simulated worlds. A world ignores the kinds that it does not have.</summary>
internal enum StepKind
{
    Submit,
    Cancel,
    Withdraw,
    ClosePool,
    CallObject,
    AbandonCall,
    Attach,
    RepeatKey,
    CloseByName,
    RetryJob,
    DeleteJob,
    FirstFault,
    DropMessages = FirstFault,
    DuplicateMessage,
    DelayMessage,
    BreakConnection,
    Partition,
    CrashWorker,
    HangWorker,
    LoseFrame,
    FailWorkerStart,
    CrashNode,
    DrainNode,
    CrashClient,
    LeaveClient,
    CrashCoordinator,
    PauseCoordinator,
    IsolateCoordinator,
    FailWrite,
    TearWrite,
    SuspectCaller,
    KillCaller,
}
