using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>An accepted job that has not ended.</summary>
internal sealed class Job
{
    private List<AttemptLoss>? _losses;

    public Job(JobSpec spec)
    {
        Spec = spec;
        ListNode = new LinkedListNode<Job>(this);
    }

    public JobSpec Spec { get; }

    /// <summary>Its place in the one list that it is in: among those that wait, or those that an executor has.</summary>
    public LinkedListNode<Job> ListNode { get; }

    public JobId Id => Spec.Id;

    /// <summary>How often it was begun by an executor that was then lost.</summary>
    public int LostAttempts => _losses?.Count ?? 0;

    /// <summary>How each of those executors ended.</summary>
    public IReadOnlyList<AttemptLoss> Losses => _losses ?? [];

    /// <summary>Where it was sent; null while it waits.</summary>
    public Executor? Executor { get; set; }

    /// <summary>Its position among all jobs that were sent to that executor.</summary>
    public long Position { get; set; }

    /// <summary>Its caller does not want it any more.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Its caller does not want it unless it has begun; its executor was asked for it.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Never to be begun twice.</summary>
    public bool IsAtMostOnce => Spec.MaxAttempts <= 1;

    /// <summary>
    /// No other is with it in an executor. When the node is lost, none shares the uncertainty of one that may never be begun twice; and none waits while large
    /// arguments are fetched.
    /// </summary>
    public bool IsSentAlone => IsAtMostOnce || Spec.Stored is not null;

    /// <summary>It was running in an executor that ended so.</summary>
    public void AddLoss(AttemptLoss loss) => (_losses ??= []).Add(loss);
}
