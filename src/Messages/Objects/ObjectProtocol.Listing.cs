using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <content>The requests of operators.</content>
public static partial class ObjectProtocol
{
    /// <summary>Operator to coordinator: requests its queues or locks. Answered by <see cref="ListObjectsReply"/>.</summary>
    /// <param name="AreLocks">Whether locks are requested, and not queues.</param>
    [WireContract("o.list", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListObjects(bool AreLocks) : IWireMessage;

    /// <summary>Coordinator to operator: the objects.</summary>
    /// <param name="Objects">The objects, at most a thousand.</param>
    /// <param name="Total">The number of all.</param>
    [WireContract("o.listed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListObjectsReply(ImmutableArray<ObjectInfo> Objects, int Total) : IWireMessage;
}
