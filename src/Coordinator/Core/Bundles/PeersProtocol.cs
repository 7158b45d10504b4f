using System.Collections.Immutable;
using Akka.Actor;

namespace Actors.Coordinator.Bundles;

/// <summary>Whoever knows the other coordinators of the cluster.</summary>
internal static class PeersProtocol
{
    /// <summary>Which are there? Answered by <see cref="Peers"/>.</summary>
    public sealed record Ask
    {
        public static readonly Ask Instance = new();
    }

    /// <summary>Those whose doors have been passed.</summary>
    public sealed record Peers(ImmutableArray<IActorRef> Coordinators);
}
