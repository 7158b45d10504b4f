using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>An accepted job that has not ended.</summary>
public sealed class Job(JobSpec spec)
{
    private List<AttemptLoss>? _losses;

    public JobSpec Spec => spec;

    /// <summary>The next job in the list of this one: the waiting jobs, or the jobs of an executor. Set by <see cref="JobList"/>.</summary>
    public Job? Next { get; set; }

    /// <summary>The previous job in that list. Set by <see cref="JobList"/>.</summary>
    public Job? Previous { get; set; }

    public JobId Id => Spec.Id;

    /// <summary>The number of attempts that were lost with their executors.</summary>
    public int LostAttempts => _losses?.Count ?? 0;

    /// <summary>How the executor of each lost attempt ended.</summary>
    public IReadOnlyList<AttemptLoss> Losses => _losses ?? [];

    /// <summary>The executor that has the job. Null while the job waits.</summary>
    public Executor? Executor { get; set; }

    /// <summary>The position among all jobs that were sent to that executor.</summary>
    public long Position { get; set; }

    /// <summary>The time at which the pool accepted the job.</summary>
    public TimeSpan AcceptedAt { get; set; }

    /// <summary>The time since which the job waits: its acceptance, or its return to the queue.</summary>
    public TimeSpan QueuedAt { get; set; }

    /// <summary>The rank among the waiting jobs; the lowest is next. See <see cref="WaitingJobs"/>.</summary>
    public long Rank => AcceptedAt.Ticks - (Spec.Policy.Priority * WaitingJobs.PriorityStep.Ticks);

    /// <summary>Whether the caller has canceled the job.</summary>
    public bool IsCanceled { get; set; }

    /// <summary>Whether the caller wants to cancel the job if it has not begun. Its executor was asked to return it.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Whether the job must not begin twice.</summary>
    public bool IsAtMostOnce => Spec.Policy.IsAtMostOnce;

    /// <summary>
    /// Whether the executor has no other job beside this one. The loss of a node then leaves no doubt about other at-most-once jobs, and no
    /// job waits while large arguments are downloaded.
    /// </summary>
    public bool IsSentAlone => IsAtMostOnce || Spec.Stored is not null;

    /// <summary>Records an attempt that was lost with its executor.</summary>
    public void AddLoss(AttemptLoss loss) => (_losses ??= []).Add(loss);
}
