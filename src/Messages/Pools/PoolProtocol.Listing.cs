using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <content>The requests of operators.</content>
public static partial class PoolProtocol
{
    /// <summary>Operator to coordinator: requests its pools. Answered by <see cref="ListPoolsReply"/>.</summary>
    [WireContract("p.list", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListPools : IWireMessage;

    /// <summary>Coordinator to operator: the pools.</summary>
    /// <param name="Pools">The pools, at most a thousand.</param>
    /// <param name="Total">The number of all.</param>
    [WireContract("p.listed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListPoolsReply(ImmutableArray<PoolInfo> Pools, int Total) : IWireMessage;
}
