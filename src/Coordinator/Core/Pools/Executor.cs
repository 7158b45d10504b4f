using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Pools;

/// <summary>An executor as its pool sees it: the jobs it was sent, and how many more it may be sent.</summary>
public sealed class Executor(ExecutorId id, NodeId node)
{
    private readonly JobList _assigned = new();
    private ExecutorStage _stage;
    private Revocation _revocation;

    private enum ExecutorStage
    {
        /// <summary>The process starts. No job is sent before it is ready.</summary>
        Starting,

        /// <summary>The process starts, and will receive no jobs.</summary>
        RetiringUnready,

        /// <summary>The process runs the pool's code.</summary>
        Ready,

        /// <summary>The executor finishes its jobs and receives no more.</summary>
        Retiring,

        /// <summary>The executor was killed.</summary>
        Killed,

        /// <summary>The client has disconnected: the executor cancels its running job and ends.</summary>
        Abandoned,
    }

    private enum Revocation
    {
        /// <summary>The executor may have jobs that have not begun.</summary>
        None,

        /// <summary>The executor was asked to return the jobs that have not begun, and has not answered.</summary>
        Requested,

        /// <summary>The executor has returned these jobs, and was sent none since. Another request would return nothing.</summary>
        Answered,
    }

    public ExecutorId Id => id;

    public NodeId Node => node;

    /// <summary>The name of the node. Empty until the process is ready.</summary>
    public string NodeName { get; private set; } = "";

    /// <summary>The process id on that node. 0 until the process is ready.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether the process runs the pool's code, or has run it before it was asked to end.</summary>
    public bool IsReady => _stage is not (ExecutorStage.Starting or ExecutorStage.RetiringUnready);

    /// <summary>Whether jobs may be sent to the executor, if it has room for them.</summary>
    public bool AcceptsJobs => _stage == ExecutorStage.Ready && _revocation != Revocation.Requested;

    /// <summary>Whether the executor could run jobs and has none.</summary>
    public bool IsStarved => _stage == ExecutorStage.Ready && IsIdle;

    /// <summary>Whether jobs wait behind the first one, and the executor can be asked to return them.</summary>
    public bool HasWaitingJobs => _revocation == Revocation.None && _assigned.Count > 1;

    /// <summary>Whether something is outstanding at the executor, so that the pool compares its state with it.</summary>
    public bool NeedsComparison => _stage != ExecutorStage.Ready || _revocation == Revocation.Requested || !IsIdle
        || LastAcknowledged < Reports.Last || Reports.HasGap;

    /// <summary>The state of the executor as the pool knows it.</summary>
    public NodeProtocol.ExpectedExecutorState ExpectedState =>
        (IsReady ? NodeProtocol.ExpectedExecutorState.IsReady : 0)
        | (_revocation == Revocation.Requested ? NodeProtocol.ExpectedExecutorState.IsRevoking : 0)
        | (_stage is ExecutorStage.Retiring or ExecutorStage.RetiringUnready ? NodeProtocol.ExpectedExecutorState.IsRetiring : 0)
        | (_stage is ExecutorStage.Killed or ExecutorStage.Abandoned ? NodeProtocol.ExpectedExecutorState.IsKilled : 0)
        | (_stage == ExecutorStage.Abandoned ? NodeProtocol.ExpectedExecutorState.IsAbandoned : 0)
        | (Comparisons.IsRepeated && !IsIdle ? NodeProtocol.ExpectedExecutorState.IsSilent : 0);

    /// <summary>The reports received from the executor, in order.</summary>
    public MessageSequence<NodeProtocol.IExecutorReport> Reports { get; } = new(MeasureReport);

    /// <summary>The number of the last report that was acknowledged.</summary>
    public long LastAcknowledged { get; private set; }

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

    /// <summary>Records that the process is ready for jobs.</summary>
    /// <returns>False when that was known.</returns>
    public bool TryBecomeReady(string nodeName, int processId)
    {
        if (IsReady)
            return false;
        _stage = _stage == ExecutorStage.Starting ? ExecutorStage.Ready : ExecutorStage.Retiring;
        (NodeName, ProcessId) = (nodeName, processId);
        return true;
    }

    /// <summary>Records that the executor finishes its jobs and receives no more.</summary>
    public void Retire() => _stage = _stage switch
    {
        ExecutorStage.Starting => ExecutorStage.RetiringUnready,
        ExecutorStage.Ready => ExecutorStage.Retiring,
        _ => _stage,
    };

    /// <summary>Retires the executor if it has no job.</summary>
    /// <returns>False also when it was retired or killed before.</returns>
    public bool TryRetireIdle()
    {
        if (_stage is not (ExecutorStage.Starting or ExecutorStage.Ready) || !IsIdle)
            return false;
        Retire();
        return true;
    }

    /// <summary>Records that the executor is killed.</summary>
    public void Kill() => _stage = ExecutorStage.Killed;

    /// <summary>Records that the executor cancels its running job and ends, because the client has disconnected.</summary>
    public void Abandon() => _stage = ExecutorStage.Abandoned;

    /// <summary>Asks the executor for the jobs that have not begun.</summary>
    /// <returns>False when it was asked and has not answered.</returns>
    public bool TryRevoke()
    {
        if (_revocation == Revocation.Requested)
            return false;
        _revocation = Revocation.Requested;
        return true;
    }

    /// <summary>Records that the executor has returned the jobs that had not begun.</summary>
    public void OnReturned() => _revocation = Revocation.Answered;

    /// <summary>Acknowledges the reports received so far.</summary>
    /// <returns>The number of the last one.</returns>
    public long AcknowledgeReports() => LastAcknowledged = Reports.Last;

    public void AssignJob(Job job)
    {
        AssignedCount++;
        _revocation = Revocation.None;
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

    private static long MeasureReport(NodeProtocol.IExecutorReport report) => report switch
    {
        NodeProtocol.JobsDone { Outcomes: { IsDefault: false } outcomes } =>
            outcomes.Sum(static outcome => (long)WireLimits.SizeOf(outcome)),
        NodeProtocol.JobsReturned { Jobs: { IsDefault: false } jobs } => (long)jobs.Length * sizeof(long),
        NodeProtocol.JobsHeld { Jobs: { IsDefault: false } jobs } => (long)jobs.Length * sizeof(long),
        _ => 0,
    };
}
