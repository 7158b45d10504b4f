using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The reports of one executor that its pool has not acknowledged. Thread-safe: the receiving thread adds, the executor's actor reads and
/// acknowledges.
/// </summary>
/// <param name="executor">Whose reports they are.</param>
internal sealed class ReportLog(ExecutorId executor)
{
    private readonly Lock _access = new();
    private readonly UnacknowledgedMessages<NodeProtocol.IExecutorReport> _reports = new();

    /// <summary>The unacknowledged reports, in their order.</summary>
    public IReadOnlyList<NodeProtocol.IExecutorReport> Unacknowledged
    {
        get
        {
            lock (_access)
                return [.. _reports.All];
        }
    }

    /// <summary>Keeps the outcomes of jobs.</summary>
    public NodeProtocol.JobsDone AddDone(ImmutableArray<JobOutcome> outcomes, long busyMicroseconds)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsDone(executor, outcomes, busyMicroseconds, Next));
    }

    /// <summary>Keeps that jobs were returned.</summary>
    public NodeProtocol.JobsReturned AddReturned(ImmutableArray<JobId> jobs)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsReturned(executor, jobs, Next));
    }

    /// <summary>Keeps that jobs at these positions did not arrive.</summary>
    public NodeProtocol.JobsMissed AddMissed(JobRange positions)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsMissed(executor, positions.First, positions.Last, Next));
    }

    /// <summary>Keeps what the process holds.</summary>
    public NodeProtocol.JobsHeld AddHeld(long last, ImmutableArray<JobId> jobs, JobId lastBegun)
    {
        lock (_access)
            return AddReport(new NodeProtocol.JobsHeld(executor, last, jobs, lastBegun, Next));
    }

    /// <summary>The pool has the reports up to this one.</summary>
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
