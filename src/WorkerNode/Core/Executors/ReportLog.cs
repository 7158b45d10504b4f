using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The reports of an executor that its pool has not acknowledged. Thread-safe: the receiving thread adds reports, and the actor of the
/// executor reads and acknowledges them.
/// </summary>
/// <param name="executor">The executor.</param>
public sealed class ReportLog(ExecutorId executor)
{
    private readonly Lock _access = new();
    private readonly UnacknowledgedMessages<NodeProtocol.IExecutorReport> _reports = new();

    /// <summary>The unacknowledged reports in their order.</summary>
    public IReadOnlyList<NodeProtocol.IExecutorReport> Unacknowledged
    {
        get
        {
            lock (_access)
                return [.. _reports.All];
        }
    }

    /// <summary>Adds a report of the outcomes of jobs.</summary>
    public NodeProtocol.JobsDone AddDone(ImmutableArray<JobOutcome> outcomes, long busyMicroseconds)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsDone(executor, outcomes, busyMicroseconds, Next));
    }

    /// <summary>Adds a report of returned jobs.</summary>
    public NodeProtocol.JobsReturned AddReturned(ImmutableArray<JobId> jobs)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsReturned(executor, jobs, Next));
    }

    /// <summary>Adds a report of jobs that did not arrive.</summary>
    public NodeProtocol.JobsMissed AddMissed(JobRange positions)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsMissed(executor, positions.First, positions.Last, Next));
    }

    /// <summary>Adds a report of the jobs that the process holds.</summary>
    public NodeProtocol.JobsHeld AddHeld(long last, ImmutableArray<JobId> jobs, JobId lastBegun)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsHeld(executor, last, jobs, lastBegun, Next));
    }

    /// <summary>Creates a report of a job's progress. It is not kept, because a newer one replaces it.</summary>
    public NodeProtocol.JobProgressReport CreateProgress(JobId job, ProgressValue value) => new(executor, job, 0, value);

    /// <summary>Removes the reports up to this number, which the pool has acknowledged.</summary>
    public void Acknowledge(long number)
    {
        lock (_access)
            _reports.Acknowledge(number);
    }

    private long Next => _reports.Last + 1;

    private T AddReport<T>(T report)
        where T : NodeProtocol.IExecutorReport
    {
        _reports.Add(report);
        return report;
    }
}
