using Actors.Runtime;

namespace Actors;

/// <summary>How a durable queue is opened. Immutable.</summary>
public sealed record DurableQueueOptions
{
    /// <summary>How many items it may hold; 0 is any number. Null, the default, is whichever it has, and any number for a new one.</summary>
    public int? Capacity { get; init; }

    /// <summary>
    /// Where a durable queue of this program's own is written; <c>SqliteStore</c> of the package <c>Actors.Durability</c> is a file. A cluster's are written where
    /// its coordinators say. Null, the default, for a cluster's.
    /// </summary>
    public DurableStore? Store { get; init; }

    /// <summary>
    /// How long the queue may be out of reach while a call waits: its coordinator may be lost and another take its place. Then the call ends with
    /// <see cref="CoordinatorLostException"/>, and may have been done. Default 60 s; from 0 to 24.8 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit.
    /// </summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same, with <see cref="TimeSpan.MaxValue"/> for no limit.</summary>
    internal TimeSpan Patience => TimeoutRule.Require(ReconnectFor) is var limit && limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : limit;

    internal void Validate()
    {
        if (Capacity < 0)
            throw new ArgumentOutOfRangeException(nameof(Capacity), Capacity, "Must not be negative; 0 is any number.");
        TimeoutRule.Require(ReconnectFor);
    }
}
