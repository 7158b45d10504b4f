using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Pools;

/// <summary>An executor as its pool sees it: what it was sent, and how much may be sent ahead.</summary>
internal sealed class Executor(ExecutorId id, NodeId node)
{
    private readonly LinkedList<Job> _assigned = new();

    public ExecutorId Id => id;

    public NodeId Node => node;

    /// <summary>The node, for people; empty until the process is ready.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>The process on that node; 0 until it is ready.</summary>
    public int ProcessId { get; set; }

    /// <summary>The process runs the pool's code; before, nothing is sent.</summary>
    public bool IsReady { get; set; }

    /// <summary>It finishes what it has and takes nothing more.</summary>
    public bool IsRetiring { get; set; }

    /// <summary>A recall is under way: what it has not begun comes back.</summary>
    public bool IsRevoking { get; set; }

    /// <summary>It has returned everything that it had not begun, and was given nothing since: a recall would bring nothing.</summary>
    public bool HasReturnedAll { get; set; }

    /// <summary>It was asked to end at once.</summary>
    public bool IsKilled { get; set; }

    /// <summary>The reports that have come from it.</summary>
    public MessageSequence<NodeProtocol.IExecutorReport> Reports { get; } = new();

    /// <summary>The last report that it was told to have come.</summary>
    public long LastAcknowledged { get; set; }

    /// <summary>The position of the last job that it was given.</summary>
    public long LastPosition { get; private set; }

    /// <summary>When it is compared next with what the pool believes.</summary>
    public ComparisonSchedule Comparisons { get; } = new();

    /// <summary>How many jobs it was given in all.</summary>
    public int AssignedCount { get; private set; }

    /// <summary>When it last was given work or reported an end.</summary>
    public TimeSpan LastProgress { get; set; }

    public PrefetchWindow Window { get; } = new();

    /// <summary>What it was sent and has not reported, in the order of running.</summary>
    public IReadOnlyCollection<Job> AssignedJobs => _assigned;

    /// <summary>The last job in that order.</summary>
    public Job? LastJob => _assigned.Last?.Value;

    public bool IsIdle => _assigned.Count == 0;

    public void AssignJob(Job job)
    {
        AssignedCount++;
        HasReturnedAll = false;
        job.Executor = this;
        job.Position = ++LastPosition;
        _assigned.AddLast(job.ListNode);
    }

    /// <summary>Takes a job from it.</summary>
    /// <returns>Whether it had it.</returns>
    public bool RemoveJob(Job job)
    {
        if (job.Executor != this)
            return false;
        job.Executor = null;
        _assigned.Remove(job.ListNode);
        return true;
    }

    /// <summary>It has handed jobs back unbegun: they do not count.</summary>
    public void UncountReturned(int jobs) => AssignedCount -= jobs;
}
