using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Nodes;

/// <summary>Pools and the registry of nodes, within the coordinator.</summary>
internal static class NodesProtocol
{
    /// <summary>Pool to nodes: I want so many executors (0: as many as there are slots). Its sender hears from them.</summary>
    public sealed record RequestExecutors(PoolId Pool, PoolSpec Spec, int Executors);

    /// <summary>
    /// Nodes to a pool with an initializer: the number of executors that nodes provide for it now. Sent after <see cref="RequestExecutors"/> and
    /// after each change.
    /// </summary>
    public sealed record ExecutorsGranted(long Executors);

    /// <summary>Pool to nodes: I want none any more.</summary>
    public sealed record ReleasePool(PoolId Pool);

    /// <summary>Nodes to a pool: this node is about to hear of the pool. Its executors are at this address.</summary>
    public sealed record NodeAssigned(NodeId Node, Address Address);

    /// <summary>Nodes to every pool: this node and all its executors are gone.</summary>
    public sealed record NodeLost(NodeId Node);
}
