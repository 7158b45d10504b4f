using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Durability;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>The stores that the pools and managers of this process name. A store is opened once.</summary>
public sealed class StoresActor : HandlerActor
{
    private readonly Dictionary<string, StoreActors> _opened = [];
    private readonly IActorRef _nodes;
    private readonly IActorRef _durableCallers;

    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="durableCallers">The actor that routes calls to durable objects.</param>
    public StoresActor(IActorRef nodes, IActorRef durableCallers)
    {
        (_nodes, _durableCallers) = (nodes, durableCallers);
        Receive<GetStoreActors>(get => Sender.Tell(GetOrOpenStore(get.Store)));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private object GetOrOpenStore(DurableStore store)
    {
        try
        {
            return _opened.TryGetValue(store.ToString(), out var known) ? known : _opened[store.ToString()] = OpenStore(store);
        }
        catch (DurableStoreException exception)
        {
            return new Status.Failure(exception);
        }
    }

    private StoreActors OpenStore(DurableStore store)
    {
        StorePlugins.PrepareStore(store);
        var (nodes, text) = (_nodes, store.ToString());
        var plugins = JournalPlugins.RegisterStore(Context.System, store);
        var pools = Context.ActorOf(ActorProps.Create(() => new DurablePoolsActor(nodes, plugins, text)));
        var objects = Context.ActorOf(
            InlineDispatcher.ApplyTo(ActorProps.Create(() => new DurableObjectsActor(plugins, text)), Context.System));
        _durableCallers.Tell(new DurableCallersActor.AddStore(ObjectId.GetStoreNumber(store.ToString()), objects));
        return new StoreActors(pools, objects);
    }

    /// <summary>From the same process: opens a store for durable pools and objects. Answered by <see cref="StoreActors"/>.</summary>
    public sealed record GetStoreActors(DurableStore Store);
}
