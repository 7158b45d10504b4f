using System.Collections.Immutable;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>Whoever knows the other coordinators of the cluster.</summary>
internal static class PeersProtocol
{
    /// <summary>Which are there? Answered by <see cref="PeersReply"/>.</summary>
    public sealed record GetPeers
    {
        public static readonly GetPeers Instance = new();
    }

    /// <summary>The same, and <see cref="PeersReply"/> again whenever that changes.</summary>
    public sealed record SubscribePeers
    {
        public static readonly SubscribePeers Instance = new();
    }

    /// <summary>The other coordinators.</summary>
    /// <param name="Known">Those whose doors have been passed.</param>
    /// <param name="IsComplete">Whether these are all that are members.</param>
    public sealed record PeersReply(ImmutableArray<PeerCoordinator> Known, bool IsComplete);

    /// <summary>One of them.</summary>
    /// <param name="Number">That of the objects which are at home there; 0 when it says none.</param>
    /// <param name="Coordinator">To talk to.</param>
    public sealed record PeerCoordinator(uint Number, IActorRef Coordinator);
}
