using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Testing;

/// <summary>A worker of a simulated pool: it has one job at a time, and no process. Guarded by the lock of its session.</summary>
/// <param name="id">The identity.</param>
/// <param name="number">The position among all workers of the pool, from 1.</param>
internal sealed class SimulatedWorker(ExecutorId id, long number)
{
    /// <summary>Above the largest process id of any system, so that no code ends a real process by this number.</summary>
    private const int FirstProcessId = 10_000_000;

    /// <summary>The identity.</summary>
    public ExecutorId Id => id;

    /// <summary>The description for users.</summary>
    public WorkerInfo Info { get; init; } = null!;

    /// <summary>The position among all workers of the pool, from 1.</summary>
    public long Number => number;

    /// <summary>The process id that users see.</summary>
    public int ProcessId => FirstProcessId + (int)number;

    /// <summary>Whether a thread runs the initializer, or has run it.</summary>
    public bool IsStarting { get; set; }

    /// <summary>Whether the initializer has run.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether the worker has ended.</summary>
    public bool HasExited { get; set; }

    /// <summary>Whether a signal has stopped the worker.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The assigned job that has not begun; null for none.</summary>
    public JobSpec? Assigned { get; set; }

    /// <summary>The job that has begun; null for none.</summary>
    public JobSpec? Running { get; private set; }

    /// <summary>The number of the start of the running job.</summary>
    public int Attempt { get; private set; }

    /// <summary>The last job that began; 0 before the first.</summary>
    public JobId LastBegun { get; private set; }

    /// <summary>The last job that ended; 0 before the first.</summary>
    public JobId LastEnded { get; private set; }

    /// <summary>The token source of the running job.</summary>
    public CancellationTokenSource Cancellation { get; private set; } = new();

    /// <summary>The time at which the running job was asked to stop; null when it was not.</summary>
    public TimeSpan? CancelledAt { get; set; }

    /// <summary>The timers of the running job.</summary>
    public List<ITimer> Timers { get; } = [];

    /// <summary>Whether the job runs in this worker.</summary>
    public bool Runs(JobSpec job) => !HasExited && Running == job;

    /// <summary>Begins the assigned job.</summary>
    public JobSpec BeginJob(int attempt)
    {
        var job = Assigned!;
        (Running, Assigned, Attempt, LastBegun, CancelledAt) = (job, null, attempt, job.Id, null);
        Cancellation = new CancellationTokenSource();
        return job;
    }

    /// <summary>Ends the running job.</summary>
    public void EndJob()
    {
        LastEnded = LastBegun;
        Running = null;
        StopTimers();
    }

    /// <summary>Stops the timers of the running job.</summary>
    public void StopTimers()
    {
        Timers.ForEach(timer => timer.Dispose());
        Timers.Clear();
    }
}
