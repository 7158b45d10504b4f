using Actors.Coordinator.Peers;
using Actors.Messages.Objects;
using Actors.Remoting;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Actors.Coordinator.Cluster;

/// <summary>The names of managed objects, each at one of the coordinators. They are not remembered: each is made when it is spoken of.</summary>
internal static class NameShards
{
    private const string TypeName = "names";

    /// <summary>As for pools.</summary>
    private const int ShardCount = 30;

    /// <param name="system">A member of the cluster.</param>
    /// <param name="self">This coordinator.</param>
    /// <param name="peers">Knows the others.</param>
    /// <returns>Takes what is said to any name.</returns>
    public static IActorRef StartRegion(ActorSystem system, PeersProtocol.PeerCoordinator self, IActorRef peers)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Endpoints.CoordinatorRole).WithRememberEntities(false)
            .WithPassivateIdleAfter(TimeSpan.FromSeconds(30));
        return ClusterSharding.Get(system).Start(TypeName, _ => Props.Create(() => new NameActor(self, peers)), settings, new NameMessageExtractor());
    }

    private sealed class NameMessageExtractor() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as ObjectProtocol.INameRequest)?.Name;
    }
}
