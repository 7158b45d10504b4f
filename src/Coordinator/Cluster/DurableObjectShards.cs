using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Actors.Coordinator.Cluster;

/// <summary>The durable objects of a cluster, spread over the coordinators as its durable pools are.</summary>
internal static class DurableObjectShards
{
    private const string TypeName = "durable-objects";

    /// <summary>As for pools.</summary>
    private const int ShardCount = 30;

    /// <param name="system">A member of the cluster.</param>
    /// <param name="plugins">Where they write.</param>
    /// <returns>Takes what is said to any of them.</returns>
    public static IActorRef StartRegion(ActorSystem system, JournalPlugins plugins)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Endpoints.CoordinatorRole).WithRememberEntities(true);
        return ClusterSharding.Get(system).Start(TypeName, entity => CreateProps(entity, plugins), settings, new ObjectMessageExtractor());
    }

    private static Props CreateProps(string entity, JournalPlugins plugins)
    {
        var id = ObjectId.TryParse(entity) ?? throw new ArgumentException($"'{entity}' names no object.");
        Func<string?, object> farewell = _ => new Passivate(PoisonPill.Instance);
        return Props.Create(() => new DurableObjectActor(id, plugins, TimeProvider.System, farewell));
    }

    private sealed class ObjectMessageExtractor() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as DurableObjectProtocol.ICallerMessage)?.Object.ToString();
    }
}
