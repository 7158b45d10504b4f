using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Recovers lost messages between the pool and its executors. Reports are numbered and applied in order; jobs are sent at counted
/// positions. While anything is outstanding at an executor, it periodically receives the state that the pool assumes, and both sides send
/// lost messages again.
/// </summary>
public sealed partial class PoolState
{
    /// <summary>
    /// Whether <see cref="CompareExecutors"/> should be called every second, because something is outstanding at an executor.
    /// </summary>
    public bool HasOutstanding
    {
        get
        {
            foreach (var executor in _executors.Values)
            {
                if (executor.NeedsComparison)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Applies a report of an executor once, and in order.</summary>
    public void AddReport(NodeProtocol.IExecutorReport report, TimeSpan now)
    {
        if (report.Number == 0 || !_executors.TryGetValue(report.Executor, out var executor))
        {
            ApplyReport(report, now);
            return;
        }

        if (!executor.Reports.TryAccept(report.Number, report))
            return;
        ApplyReport(report, now);
        while (executor.Reports.TryAcceptEarly(out var early))
            ApplyReport(early, now);
    }

    /// <summary>Gets the number of the last report of an executor, and marks it as acknowledged.</summary>
    public long AcknowledgeReports(ExecutorId id) =>
        _executors.TryGetValue(id, out var executor) ? executor.AcknowledgeReports() : 0;

    /// <summary>Compares with the executors whose comparison is due.</summary>
    public void CompareExecutors(TimeSpan now)
    {
        foreach (var executor in _executors.Values)
        {
            if (executor.NeedsComparison && executor.Comparisons.TryBegin(executor.LastProgress, executor.Reports.HasGap, now))
                CompareExecutor(executor);
        }
    }

    private void CompareExecutor(Executor executor) =>
        _effects.Add(new PoolEffect.SendComparison(executor.Id, executor.ExpectedState, CanceledAt(executor)));

    private static ImmutableArray<JobId> CanceledAt(Executor executor) =>
        [.. executor.AssignedJobs.Where(job => job.IsCanceled).Select(job => job.Id)];

    private void ApplyReport(NodeProtocol.IExecutorReport report, TimeSpan now)
    {
        switch (report)
        {
            case NodeProtocol.JobsDone done: JobsDone(done.Executor, done.Outcomes, done.BusyMicroseconds, now); break;
            case NodeProtocol.JobsReturned back: JobsReturned(back.Executor, back.Jobs, now); break;
            case NodeProtocol.JobsMissed missed: RequeueMissed(missed, now); break;
            case NodeProtocol.JobsHeld held: RequeueUnknown(held, now); break;
        }
    }

    /// <summary>Returns jobs to the queue that never reached the executor. The executor will not run them.</summary>
    private void RequeueMissed(NodeProtocol.JobsMissed missed, TimeSpan now)
    {
        if (_executors.TryGetValue(missed.Executor, out var executor))
        {
            var jobs = executor.AssignedJobs.Where(job => job.Position >= missed.First && job.Position <= missed.Last).ToList();
            RequeueLost(executor, jobs, now);
        }
    }

    /// <summary>
    /// Returns jobs to the queue that the process should have and does not have. Either the job or its outcome was lost. An at-most-once
    /// job that may have run ends as lost.
    /// </summary>
    private void RequeueUnknown(NodeProtocol.JobsHeld held, TimeSpan now)
    {
        if (!_executors.TryGetValue(held.Executor, out var executor))
            return;
        var known = held.Jobs.ToHashSet();
        var unknown = executor.AssignedJobs.Where(job => job.Position <= held.Last && !known.Contains(job.Id)).ToList();
        if (executor.AssignedJobs.FirstOrDefault(job => job.Id == held.LastBegun) is { } begun)
            executor.LastBegun = begun.Position;
        foreach (var job in unknown.Where(job => job.IsAtMostOnce && job.Id == held.LastBegun && executor.RemoveJob(job)))
            EndJob(job, JobStatus.WorkerLost, PoolFailures.OutcomeLost(job.Losses));
        RequeueLost(executor, unknown, now);
    }

    private void RequeueLost(Executor executor, List<Job> jobs, TimeSpan now)
    {
        var lost = jobs.Where(executor.RemoveJob).ToList();
        // The executor runs its jobs in order: the jobs up to the last begun one count toward its limit.
        executor.UncountReturned(lost.Count(job => job.Position > executor.LastBegun));
        ReturnToQueue(lost, now);
        RetireIfUsedUp(executor);
        DispatchJobs(now);
        FinishIfDone();
    }
}
