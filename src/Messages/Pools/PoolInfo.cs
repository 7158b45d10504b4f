using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>A pool as operators see it. A durable pool has one for each build of the program.</summary>
/// <param name="Id">The id of the pool.</param>
/// <param name="Name">Its name; empty for none.</param>
/// <param name="IsDurable">Whether it is durable.</param>
/// <param name="Requested">The requested number of workers; 0 for every slot of the cluster.</param>
/// <param name="Workers">The number of workers.</param>
/// <param name="Waiting">The number of jobs that wait for a worker.</param>
/// <param name="Held">The number of jobs that workers hold: each runs one, the others are prefetched.</param>
/// <param name="Ended">The number of ended jobs since the pool was loaded, by the number of the status of their outcomes.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record PoolInfo(
    PoolId Id, string Name, bool IsDurable, int Requested, int Workers, int Waiting, int Held, ImmutableArray<long> Ended);
