using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// The shard region of the durable pools of a cluster. Each pool runs at one coordinator, moves to another when that is lost, and is found
/// from any. Loaded pools are remembered entities: they start again without a client.
/// </summary>
internal static class DurablePoolShards
{
    private const string TypeName = "durable-pools";

    /// <summary>Shards move as a whole. This is about ten for each coordinator of the largest expected cluster.</summary>
    private const int ShardCount = 30;

    /// <param name="system">The actor system of a member.</param>
    /// <param name="nodes">The actor that grants executors to the pools of this coordinator.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <returns>The region, which answers <see cref="PoolProtocol.FindPool"/> for any durable pool.</returns>
    public static IActorRef StartRegion(ActorSystem system, IActorRef nodes, JournalPlugins plugins)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Endpoints.CoordinatorRole).WithRememberEntities(true);
        return ClusterSharding.Get(system).Start(
            TypeName, entity => CreateProps(entity, nodes, plugins), settings, new PoolMessageExtractor());
    }

    /// <summary>Whether a path belongs to the actor of a durable pool's build: region, shard, entity, build.</summary>
    public static bool IsBuildPath(ActorPath path) => path.Depth > 3 && path.Parent.Parent.Parent.Name == TypeName;

    private static Props CreateProps(string entity, IActorRef nodes, JournalPlugins plugins)
    {
        var id = PoolId.TryParse(entity) ?? throw new ArgumentException($"'{entity}' is not the id of a durable pool.");
        return ActorProps.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, new Passivate(PoisonPill.Instance)));
    }

    private sealed class PoolMessageExtractor() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as PoolProtocol.FindPool)?.Pool.ToString();
    }
}
