using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>The figures of a pool, published on the event stream when they change.</summary>
/// <param name="Pool">The id of the pool.</param>
/// <param name="Name">The name of the pool. Other pools may have the same name.</param>
/// <param name="IsDurable">Whether it is a durable pool, which has a report for each build of the program.</param>
/// <param name="Figures">Its unfinished jobs and executors; none if the pool has ended.</param>
/// <param name="Ended">The number of ended jobs since the pool was loaded here, by <see cref="JobStatus"/>.</param>
/// <param name="Restarts">
/// The number of executors that ended while the pool was open, since it was loaded here, by <see cref="ExecutorExitReason"/>.
/// </param>
/// <param name="Refused">The number of outcomes that came too late and were refused.</param>
/// <param name="IsEnded">Whether the pool has ended or was unloaded.</param>
public sealed record PoolReport(
    PoolId Pool, string Name, bool IsDurable, PoolFigures Figures, ImmutableArray<long> Ended, ImmutableArray<long> Restarts, long Refused,
    bool IsEnded)
{
    /// <summary>Whether all figures are equal.</summary>
    public bool IsSameAs(PoolReport? other) =>
        other is not null && this with { Ended = other.Ended, Restarts = other.Restarts } == other
        && Ended.SequenceEqual(other.Ended) && Restarts.SequenceEqual(other.Restarts);
}
