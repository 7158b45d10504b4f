using Actors.Coordinator.Peers;
using Actors.Messages.Objects;
using Actors.Remoting;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Actors.Coordinator.Cluster;

/// <summary>The shard region of the names of managed objects. Entities are not remembered: each is created on demand.</summary>
internal static class NameShards
{
    private const string TypeName = "names";

    /// <summary>The same number as for pools.</summary>
    private const int ShardCount = 30;

    /// <summary>An idle name leaves the memory soon, because clients can ask for any number of names. It has no state to lose.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(2);

    /// <param name="system">The actor system of a member.</param>
    /// <param name="self">This coordinator.</param>
    /// <param name="peers">The actor that knows the other coordinators.</param>
    /// <returns>The region, which routes messages to any name.</returns>
    public static IActorRef StartRegion(ActorSystem system, PeersProtocol.PeerCoordinator self, IActorRef peers)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Endpoints.CoordinatorRole).WithRememberEntities(false)
            .WithPassivateIdleAfter(IdleTime);
        return ClusterSharding.Get(system).Start(
            TypeName, _ => ActorProps.Create(() => new NameActor(self, peers)), settings, new NameMessageExtractor());
    }

    private sealed class NameMessageExtractor() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as ObjectProtocol.INameRequest)?.Name;
    }
}
