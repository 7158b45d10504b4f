namespace Actors;

/// <summary>A signal for a worker; see <see cref="WorkerInfo.Kill"/>.</summary>
public enum WorkerSignal
{
    /// <summary>SIGKILL: ends the process at once. The process cannot handle it.</summary>
    Kill,

    /// <summary>SIGTERM: asks the process to end; exit handlers run.</summary>
    Terminate,

    /// <summary>SIGSTOP: pauses the process until <see cref="Continue"/>.</summary>
    Stop,

    /// <summary>SIGCONT: resumes a paused process.</summary>
    Continue,
}
