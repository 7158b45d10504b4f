using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Chaos;

/// <summary>
/// The protocol of an operator that breaks a running cluster on purpose. A program carries out these requests only if it was started with
/// <c>--allow-chaos</c>. The transport delivers them only from operators, and from coordinators to their nodes.
/// </summary>
public static partial class ChaosProtocol
{
    /// <summary>Operator to coordinator: requests the programs of the cluster. Answered by <see cref="ListTargetsReply"/>.</summary>
    [WireContract("x.list", PermittedSenders.Operator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListTargets : IWireMessage;

    /// <summary>Coordinator to operator: the programs of the cluster, as this coordinator knows them.</summary>
    /// <param name="Coordinators">HOST:PORT of each other coordinator.</param>
    /// <param name="Nodes">Its worker nodes.</param>
    /// <param name="IsMember">Whether it is a member of its cluster and knows the actors of all other members.</param>
    /// <param name="HasStore">Whether it has a store for durable pools and queues.</param>
    [WireContract("x.listed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListTargetsReply(
        ImmutableArray<string> Coordinators, ImmutableArray<ChaosNode> Nodes, bool IsMember, bool HasStore) : IWireMessage;

    /// <summary>
    /// Operator to coordinator, and coordinator to node: injects a fault into the receiving program. Answered by
    /// <see cref="FaultInjected"/> or <see cref="FaultRefused"/>.
    /// </summary>
    /// <param name="Number">The number of the request, which the answer repeats.</param>
    /// <param name="Node">The name of the node that the coordinator forwards the request to; empty for the coordinator itself.</param>
    /// <param name="Fault">The fault.</param>
    [WireContract("x.inject", PermittedSenders.Operator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record InjectFault(long Number, string Node, ChaosFault Fault) : IWireMessage;

    /// <summary>The answer to <see cref="InjectFault"/>.</summary>
    public interface IFaultReply : IWireMessage
    {
        /// <summary>The number of the request.</summary>
        long Number { get; }
    }

    /// <summary>Node to coordinator, and coordinator to operator: the fault was injected, or follows at once.</summary>
    /// <param name="Number">The number of the request.</param>
    /// <param name="Description">The affected object, such as the process id of a worker.</param>
    [WireContract("x.injected", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FaultInjected(long Number, string Description) : IFaultReply;

    /// <summary>Node to coordinator, and coordinator to operator: the fault was refused. Nothing was changed.</summary>
    /// <param name="Number">The number of the request.</param>
    /// <param name="Reason">The reason and the remedy.</param>
    [WireContract("x.refused", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FaultRefused(long Number, string Reason) : IFaultReply;
}
