using System.Collections.Immutable;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>Whoever knows the other coordinators of the cluster.</summary>
internal static class PeersProtocol
{
    /// <summary>Which are there? Answered by <see cref="Peers"/>.</summary>
    public sealed record Ask
    {
        public static readonly Ask Instance = new();
    }

    /// <summary>The same, and <see cref="Peers"/> again whenever that changes.</summary>
    public sealed record Subscribe
    {
        public static readonly Subscribe Instance = new();
    }

    /// <summary>The other coordinators.</summary>
    /// <param name="Known">Those whose doors have been passed.</param>
    /// <param name="IsComplete">Whether these are all that are members.</param>
    public sealed record Peers(ImmutableArray<Peer> Known, bool IsComplete);

    /// <summary>One of them.</summary>
    /// <param name="Number">That of the objects which are at home there; 0 when it says none.</param>
    /// <param name="Coordinator">To talk to.</param>
    public sealed record Peer(uint Number, IActorRef Coordinator);
}
