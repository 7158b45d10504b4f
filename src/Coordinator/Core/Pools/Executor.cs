using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Pools;

/// <summary>An executor as its pool sees it: the jobs it was sent, and how many more it may be sent.</summary>
internal sealed class Executor(ExecutorId id, NodeId node)
{
    private readonly JobList _assigned = new();

    public ExecutorId Id => id;

    public NodeId Node => node;

    /// <summary>The name of the node. Empty until the process is ready.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>The process id on that node. 0 until the process is ready.</summary>
    public int ProcessId { get; set; }

    /// <summary>Whether the process runs the pool's code. No job is sent before.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether the executor finishes its jobs and receives no more.</summary>
    public bool IsRetiring { get; set; }

    /// <summary>Whether the executor was asked to return the jobs that have not begun, and has not answered.</summary>
    public bool IsRevoking { get; set; }

    /// <summary>
    /// Whether the executor has returned all jobs that had not begun, and was sent none since. Another request would return nothing.
    /// </summary>
    public bool HasReturnedAll { get; set; }

    /// <summary>Whether the executor was killed.</summary>
    public bool IsKilled { get; set; }

    /// <summary>The reports received from the executor, in order.</summary>
    public MessageSequence<NodeProtocol.IExecutorReport> Reports { get; } = new();

    /// <summary>The number of the last report that was acknowledged.</summary>
    public long LastAcknowledged { get; set; }

    /// <summary>The position of the last job that was assigned.</summary>
    public long LastPosition { get; private set; }

    /// <summary>The greatest position of a job that is known to have begun.</summary>
    public long LastBegun { get; set; }

    /// <summary>When the pool compares its state with the executor.</summary>
    public ComparisonSchedule Comparisons { get; } = new();

    /// <summary>The number of jobs assigned so far, without the returned ones.</summary>
    public int AssignedCount { get; private set; }

    /// <summary>The time at which the executor last received jobs or reported.</summary>
    public TimeSpan LastProgress { get; set; }

    public PrefetchWindow Window { get; } = new();

    /// <summary>The assigned jobs that have no outcome yet, in the order in which they run.</summary>
    public JobList AssignedJobs => _assigned;

    /// <summary>The last of these jobs, null if there is none.</summary>
    public Job? LastJob => _assigned.Last;

    public bool IsIdle => _assigned.Count == 0;

    public void AssignJob(Job job)
    {
        AssignedCount++;
        HasReturnedAll = false;
        job.Executor = this;
        job.Position = ++LastPosition;
        _assigned.AddLast(job);
    }

    /// <summary>Removes an assigned job.</summary>
    /// <returns>Whether the job was assigned to this executor.</returns>
    public bool RemoveJob(Job job)
    {
        if (job.Executor != this)
            return false;
        job.Executor = null;
        _assigned.Remove(job);
        return true;
    }

    /// <summary>Takes returned jobs out of the count of assigned jobs.</summary>
    public void UncountReturned(int jobs) => AssignedCount -= jobs;
}
