using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Nodes;

/// <summary>Messages between pools and <see cref="NodesActor"/> within a coordinator.</summary>
public static class NodesProtocol
{
    /// <summary>Pool to nodes: requests executors; 0 means all slots. Executors report to the sender.</summary>
    public sealed record RequestExecutors(PoolId Pool, PoolSpec Spec, int Executors);

    /// <summary>
    /// Nodes to a pool: the current number of granted executors, and their nodes. Sent after <see cref="RequestExecutors"/> and after each
    /// change.
    /// </summary>
    public sealed record PoolExecutorsGranted(long Executors, ImmutableArray<NodeId> Nodes);

    /// <summary>Pool to nodes: releases all executors.</summary>
    public sealed record ReleasePool(PoolId Pool);

    /// <summary>Nodes to a pool: a node is about to provide executors from this address.</summary>
    public sealed record NodeAssigned(NodeId Node, Address Address);

    /// <summary>Requests the actors of the nodes. Answered by <see cref="NodeActors"/>.</summary>
    public sealed record GetNodeActors
    {
        public static readonly GetNodeActors Instance = new();
    }

    /// <summary>The actors of the remote nodes by the name of the node.</summary>
    public sealed record NodeActors(IReadOnlyDictionary<string, IActorRef> ByName);

    /// <summary>Nodes to every pool: a node and all its executors are lost.</summary>
    public sealed record NodeLost(NodeId Node);
}
