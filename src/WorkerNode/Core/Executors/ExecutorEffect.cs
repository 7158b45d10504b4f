namespace Actors.WorkerNode.Executors;

/// <summary>An action that <see cref="ExecutorLifecycle"/> requests from its actor.</summary>
public enum ExecutorEffect
{
    /// <summary>Tells the pool that the process runs jobs.</summary>
    ReportReady,

    /// <summary>Tells the pool that the process ends after its jobs.</summary>
    ReportRetiring,

    /// <summary>Asks the process to end after its jobs.</summary>
    StopProcess,

    /// <summary>Cancels the running job, and each that begins later, and kills the process after the grace time.</summary>
    CancelJobs,

    /// <summary>Kills the process.</summary>
    KillProcess,

    /// <summary>Cancels downloads and uploads: their results are not needed any more.</summary>
    CancelTransfers,

    /// <summary>Calls <see cref="ExecutorLifecycle.OnStopOverdue"/> periodically, because the process should end by itself.</summary>
    AwaitStop,

    /// <summary>Calls <see cref="ExecutorLifecycle.OnOutputOverdue"/> after <see cref="ExecutorLifecycle.OutputGrace"/>.</summary>
    AwaitOutput,

    /// <summary>Reports the exit of the process. This is the last action.</summary>
    ReportExit,
}
