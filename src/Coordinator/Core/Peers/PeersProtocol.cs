using System.Collections.Immutable;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>Messages of the actor that knows the other coordinators of the cluster.</summary>
public static class PeersProtocol
{
    /// <summary>Requests the known coordinators. Answered by <see cref="PeersReply"/>.</summary>
    public sealed record GetPeers
    {
        public static readonly GetPeers Instance = new();
    }

    /// <summary>Requests <see cref="PeersReply"/> now and after each change.</summary>
    public sealed record SubscribePeers
    {
        public static readonly SubscribePeers Instance = new();
    }

    /// <summary>The other coordinators.</summary>
    /// <param name="Known">The coordinators whose gateways have answered.</param>
    /// <param name="IsComplete">Whether all members are known.</param>
    public sealed record PeersReply(ImmutableArray<PeerCoordinator> Known, bool IsComplete);

    /// <summary>Another coordinator.</summary>
    /// <param name="Number">The number in the ids of the objects that it owns. 0 if unknown.</param>
    /// <param name="Coordinator">Its actor.</param>
    public sealed record PeerCoordinator(uint Number, IActorRef Coordinator);
}
