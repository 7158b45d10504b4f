using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>The figures of a pool, published on the event stream when they change.</summary>
/// <param name="Pool">The id of the pool.</param>
/// <param name="Name">The name of a durable pool, or the id of another pool.</param>
/// <param name="Waiting">The number of jobs that wait for an executor.</param>
/// <param name="Held">The number of jobs that executors have: one runs in each, the others wait there.</param>
/// <param name="Executors">The number of executors.</param>
/// <param name="Ended">The number of ended jobs since the pool was loaded here, by <see cref="JobStatus"/>.</param>
/// <param name="Refused">The number of outcomes that came too late and were refused.</param>
/// <param name="IsEnded">Whether the pool has ended or was unloaded.</param>
internal sealed record PoolReport(
    PoolId Pool, string Name, int Waiting, int Held, int Executors, ImmutableArray<long> Ended, long Refused, bool IsEnded)
{
    /// <summary>The number of idle executors, at least.</summary>
    public int Idle => Math.Max(0, Executors - Held - Waiting);

    /// <summary>Gets the number of jobs that ended with a status.</summary>
    public long CountEnded(JobStatus status) => Ended[(int)status];

    /// <summary>Whether all figures are equal.</summary>
    public bool IsSameAs(PoolReport? other) =>
        other is not null && this with { Ended = other.Ended } == other && Ended.SequenceEqual(other.Ended);
}
