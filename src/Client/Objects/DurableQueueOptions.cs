using Actors.Runtime;

namespace Actors;

/// <summary>Options of a durable queue. Immutable.</summary>
public sealed record DurableQueueOptions
{
    /// <summary>
    /// The capacity. At least 0; 0 is unlimited. Default: null, the capacity of an existing queue, and unlimited for a new one.
    /// </summary>
    public int? Capacity { get; init; }

    /// <summary>
    /// The store of a durable queue on this machine, such as <c>SqliteStore</c> (a file) of the package <c>Actors.Durability</c>. Default:
    /// null, for a queue on a cluster, whose coordinators have their own store.
    /// </summary>
    public DurableStore? Store { get; init; }

    /// <summary>
    /// The longest time that a call waits while the queue is unreachable because its coordinator was lost. Then the call throws
    /// <see cref="CoordinatorLostException"/>; it may have been executed. From 0 to 24.8 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// Default: 60 s.
    /// </summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><see cref="ReconnectFor"/>, with <see cref="TimeSpan.MaxValue"/> for no limit.</summary>
    internal TimeSpan Patience =>
        TimeoutRule.RequireValid(ReconnectFor) is var limit && limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : limit;

    internal void Validate()
    {
        if (Capacity < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Capacity), Capacity, $"{nameof(DurableQueueOptions)}.{nameof(Capacity)} must not be negative; 0 is unlimited.");
        }

        TimeoutRule.RequireValid(ReconnectFor);
    }
}
