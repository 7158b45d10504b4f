using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>An accepted job that has not ended.</summary>
internal sealed class Job(JobSpec spec)
{
    public JobSpec Spec => spec;

    public JobId Id => spec.Id;

    /// <summary>How often it was begun by an executor that was then lost.</summary>
    public int LostAttempts { get; set; }

    /// <summary>Where it was sent; null while it waits.</summary>
    public Executor? Executor { get; set; }

    /// <summary>Its caller does not want it any more.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Never to be begun twice.</summary>
    public bool IsAtMostOnce => spec.MaxAttempts <= 1;
}
