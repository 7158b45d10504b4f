using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>
/// The submitted jobs of a pool, for its simulated workers: the execution context of the submission, the numbers of items and starts, and
/// the faults. Thread-safe.
/// </summary>
internal sealed class JobRuns
{
    private readonly Lock _access = new();
    private readonly Dictionary<JobId, JobRun> _runs = [];

    /// <summary>The number of jobs that were started more often than once, although they may run only once. Must be 0.</summary>
    public int BrokenPromises { get; private set; }

    /// <summary>Adds a job that is about to be sent.</summary>
    /// <param name="job">The job.</param>
    /// <param name="faults">Injects its faults.</param>
    public void AddJob(PendingJob job, FaultInjector faults)
    {
        lock (_access)
            _runs[job.Id] = new JobRun(job.Items, ExecutionContext.Capture(), faults);
    }

    /// <summary>Removes a job that has ended.</summary>
    public void RemoveJob(JobId job)
    {
        lock (_access)
            _runs.Remove(job);
    }

    /// <summary>Counts a start of a job.</summary>
    /// <returns>The number of starts.</returns>
    public int CountStart(JobSpec job)
    {
        var starts = FindRun(job.Id) is { } run ? ++run.Starts : 1;
        if (starts > 1 && job.Policy.IsAtMostOnce)
            BrokenPromises++;
        return starts;
    }

    /// <summary>Counts the items of a job; 1 for a job that has ended.</summary>
    public int CountItems(JobId job) => FindRun(job)?.Items ?? 1;

    /// <summary>Runs the code of a job in the execution context of its submission.</summary>
    public void RunInFlowOf(JobId job, Action code)
    {
        if (FindRun(job)?.Flow is { } flow)
            ExecutionContext.Run(flow, static run => ((Action)run!)(), code);
        else
            code();
    }

    /// <inheritdoc cref="FaultInjector.InjectFaults"/>
    public IReadOnlyList<Fault> InjectFaults(JobMoment at, Action<Fault, Action> startEnvironment) =>
        FindRun(at.Job)?.Faults.InjectFaults(at, startEnvironment) ?? [];

    private JobRun? FindRun(JobId job)
    {
        lock (_access)
            return _runs.GetValueOrDefault(job);
    }

    private sealed record JobRun(int Items, ExecutionContext? Flow, FaultInjector Faults)
    {
        public int Starts { get; set; }
    }
}
