using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>On the event stream, while it changes: how a pool is.</summary>
/// <param name="Pool">Which.</param>
/// <param name="Name">That of a durable pool; the id of another.</param>
/// <param name="Waiting">Jobs that wait for an executor.</param>
/// <param name="Held">Jobs that an executor has: it runs one of them, the others are ahead.</param>
/// <param name="Executors">How many it has.</param>
/// <param name="Ended">How many jobs have ended since it was loaded here, by how.</param>
/// <param name="Refused">How many completions came too late.</param>
/// <param name="IsEnded">It is not here any more.</param>
internal sealed record PoolReport(
    PoolId Pool, string Name, int Waiting, int Held, int Executors, ImmutableArray<long> Ended, long Refused, bool IsEnded)
{
    /// <summary>How many executors have nothing to do, at least.</summary>
    public int Idle => Math.Max(0, Executors - Held - Waiting);

    /// <summary>How many jobs have ended so.</summary>
    public long CountEnded(JobStatus status) => Ended[(int)status];

    /// <summary>Whether it says the same.</summary>
    public bool IsSameAs(PoolReport? other) => other is not null && this with { Ended = other.Ended } == other && Ended.SequenceEqual(other.Ended);
}
