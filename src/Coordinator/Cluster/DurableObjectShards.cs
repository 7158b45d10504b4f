using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Actors.Coordinator.Cluster;

/// <summary>The shard region of the durable objects of a cluster.</summary>
internal static class DurableObjectShards
{
    private const string TypeName = "durable-objects";

    /// <summary>The same number as for pools.</summary>
    private const int ShardCount = 30;

    /// <param name="system">The actor system of a member.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <returns>The region, which routes messages to any durable object.</returns>
    public static IActorRef StartRegion(ActorSystem system, JournalPlugins plugins)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Endpoints.CoordinatorRole).WithRememberEntities(true);
        return ClusterSharding.Get(system).Start(TypeName, entity => CreateProps(entity, plugins), settings, new ObjectMessageExtractor());
    }

    private static Props CreateProps(string entity, JournalPlugins plugins)
    {
        var id = ObjectId.TryParse(entity) ?? throw new ArgumentException($"'{entity}' is not the id of a durable object.");
        Func<string?, object> farewell = _ => new Passivate(PoisonPill.Instance);
        return ActorProps.Create(() => new DurableObjectActor(id, plugins, TimeProvider.System, farewell));
    }

    private sealed class ObjectMessageExtractor() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as DurableObjectProtocol.ICallerMessage)?.Object.ToString();
    }
}
