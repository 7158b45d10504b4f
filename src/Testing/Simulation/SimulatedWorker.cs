using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Testing;

/// <summary>A worker of a simulated pool: it has one job at a time, and no process. Guarded by the lock of its session.</summary>
/// <param name="id">The identity.</param>
/// <param name="info">The description for users.</param>
/// <param name="objects">The connection of the worker to managed objects in memory.</param>
/// <param name="site">The place in which its jobs run.</param>
internal sealed class SimulatedWorker(ExecutorId id, WorkerInfo info, SimulatedObjectChannel objects, JobSite site)
{
    /// <summary>The identity.</summary>
    public ExecutorId Id => id;

    /// <summary>The description for users.</summary>
    public WorkerInfo Info => info;

    /// <summary>The connection of the worker to managed objects in memory.</summary>
    public SimulatedObjectChannel Objects => objects;

    /// <summary>The process id that users see.</summary>
    public int ProcessId => info.ProcessId;

    /// <summary>The place in which its jobs run, with its services and its state.</summary>
    public JobSite Site => site;

    /// <summary>The stage of its life.</summary>
    public SimulatedWorkerStage Stage { get; set; }

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
    public JobCancellationSource Cancellation { get; private set; } = new();

    /// <summary>The timers of the running job.</summary>
    public List<ITimer> Timers { get; } = [];

    /// <summary>Whether the job runs in this worker.</summary>
    public bool Runs(JobSpec job) => Stage != SimulatedWorkerStage.Exited && Running == job;

    /// <summary>Begins the assigned job.</summary>
    public JobSpec BeginJob(int attempt)
    {
        var job = Assigned!;
        (Running, Assigned, Attempt, LastBegun) = (job, null, attempt, job.Id);
        // A job whose outcome was lost may run here again.
        if (LastEnded == job.Id)
            LastEnded = default;
        Cancellation = new JobCancellationSource();
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
