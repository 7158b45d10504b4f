using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// The durable pools of a cluster: each is at one of the coordinators, at another when that is lost, and is found from any. Those that are loaded are
/// remembered: they go on by themselves, whoever is there.
/// </summary>
internal static class DurablePoolShards
{
    private const string TypeName = "durable-pools";

    /// <summary>Pools move in groups; about ten for each of the coordinators that there may be.</summary>
    private const int ShardCount = 30;

    /// <param name="system">A member of the cluster.</param>
    /// <param name="nodes">Grants executors to the pools that are here.</param>
    /// <param name="plugins">Where they write.</param>
    /// <returns>Takes <see cref="PoolProtocol.FindPool"/> for any of them.</returns>
    public static IActorRef StartRegion(ActorSystem system, IActorRef nodes, JournalPlugins plugins)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Endpoints.CoordinatorRole).WithRememberEntities(true);
        return ClusterSharding.Get(system).Start(TypeName, entity => CreateProps(entity, nodes, plugins), settings, new PoolMessageExtractor());
    }

    /// <summary>Whether this is, or was, the actor of one of them: it is below that of its group, and that below the one of all.</summary>
    public static bool IsPoolPath(ActorPath path) => path.Depth > 2 && path.Parent.Parent.Name == TypeName;

    private static Props CreateProps(string entity, IActorRef nodes, JournalPlugins plugins)
    {
        var id = PoolId.TryParse(entity) ?? throw new ArgumentException($"'{entity}' names no pool.");
        return Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, new Passivate(PoisonPill.Instance)));
    }

    private sealed class PoolMessageExtractor() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as PoolProtocol.FindPool)?.Pool.ToString();
    }
}
