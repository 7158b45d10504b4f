using Actors.Coordinator.Bundles;
using Actors.Coordinator.Chaos;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Durable;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Chaos;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// The root actor of a coordinator. Its children are the nodes, the managed objects, the code bundles, the large payloads, and one actor
/// for each pool. A child that throws is stopped; actors that depend on it watch it. Peers receive its address from
/// <see cref="GatewayActor"/>. The transport decides which messages the role of a peer may send.
/// </summary>
internal sealed class CoordinatorSupervisor : HandlerActor
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NameTimeout = TimeSpan.FromSeconds(2);
    private const int NameAttempts = 10;

    private readonly Dictionary<string, StoreActors> _stores = [];
    private readonly StoreActors _sharedStore;
    private readonly IActorRef _durableCallers;
    private readonly IActorRef _objects;
    private readonly IActorRef? _peerObjects;
    private readonly IActorRef? _nameShards;
    private readonly uint _number;

    /// <param name="bundles">The store of code bundles. Null in a local coordinator, whose only code is that of its process.</param>
    /// <param name="durable">
    /// Starts durable pools and objects, given the actor that grants executors. Null if there is no common store.
    /// </param>
    /// <param name="identity">The identity among other coordinators. Null for a local coordinator.</param>
    /// <param name="outer">The link to objects outside of this process, if the process is itself a worker. Null otherwise.</param>
    /// <param name="payloads">The store of large arguments and results. Null in a local coordinator, where nothing is uploaded.</param>
    public CoordinatorSupervisor(
        BundleStore? bundles, Func<IActorRef, StoreActors>? durable, CoordinatorIdentity? identity, IOuterObjects? outer,
        PayloadStore? payloads)
    {
        var peers = identity?.Peers;
        var nodes = Context.ActorOf(ActorProps.Create(() => new NodesActor(peers)), "nodes");
        var self = Self;
        var objects = _objects = Context.ActorOf(
            InlineDispatcher.ApplyTo(ActorProps.Create(() => new ObjectsActor(self, null, outer)), Context.System), "objects");
        _number = identity?.Number ?? 0;
        _peerObjects = identity is null
            ? null
            : Context.ActorOf(
                InlineDispatcher.ApplyTo(ActorProps.Create(() => new PeerObjectsActor(peers, self)), Context.System), "objects-elsewhere");
        _nameShards = identity?.StartNames?.Invoke(self);
        var code = Context.ActorOf(ActorProps.Create(() => new BundlesActor(bundles, peers)), "bundles");
        var large = payloads is null ? ActorRefs.Nobody : Context.ActorOf(ActorProps.Create(() => new PayloadsActor(payloads)), "payloads");

        var here = _sharedStore = durable?.Invoke(nodes) ?? new StoreActors(ActorRefs.Nobody, ActorRefs.Nobody);
        var callers = ActorProps.Create(() => new DurableCallersActor(here.Objects, self, objects));
        _durableCallers = Context.ActorOf(InlineDispatcher.ApplyTo(callers, Context.System), "durable-callers");
        var relay = Context.ActorOf(ActorProps.Create(() => new DurableRelayActor(here.Objects)), "durable-relay");

        var hasStore = durable is not null;
        var chaos = Context.ActorOf(ActorProps.Create(() => new ChaosActor(nodes, peers, hasStore)), "chaos");

        Receive<PoolProtocol.OpenPool>(open => OpenPool(open, nodes, large));
        Receive<PoolProtocol.FindPool>(FindPool);
        ReceiveAndForward<BundleProtocol.OfferBundle, BundleProtocol.BundleChunk, BundleProtocol.FetchBundle>(code);
        Receive<BundleProtocol.FetchBundleChunk>(code.Forward);
        Receive<GetStoreActors>(use => Sender.Tell(GetOrOpenStore(use.Store, nodes)));
        Receive<ObjectCall>(call => GetOwner(call.Object).Forward(call));
        Receive<ObjectReplyReceived>(received => GetOwner(received.Object).Forward(received));
        Receive<ObjectCallAbandoned>(abandoned => GetOwner(abandoned.Object).Forward(abandoned));
        Receive<DurableObjectProtocol.ICallerMessage>(relay.Forward);
        Receive<DurableObjectsActor.UnloadObject>(_durableCallers.Forward);
        Receive<ObjectProtocol.CreateManagedObject>(objects.Forward);
        Receive<ObjectProtocol.RemoveManagedObject>(objects.Forward);
        Receive<ObjectProtocol.PublishObject>(publish => ForwardName(publish, publish.IsLocalOnly));
        Receive<ObjectProtocol.FindNamedObject>(find => ForwardName(find, find.IsLocalOnly));
        Receive<CallerTerminated>(terminated => GetOwner(terminated.Object).Forward(terminated));
        ReceiveAndForward<NodeProtocol.Join, NodeProtocol.NodeDraining, NodeProtocol.NodeLeft>(nodes);
        ReceiveAndForward<NodeProtocol.Heartbeat, NodeProtocol.ListNodes, NodeProtocol.DrainNode>(nodes);
        Receive<ChaosProtocol.ListTargets>(chaos.Forward);
        Receive<ChaosProtocol.InjectFault>(chaos.Forward);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private IActorRef GetOwner(ObjectId id) => id switch
    {
        { IsDurable: true } => _durableCallers,
        { CoordinatorNumber: not 0 and var number } when number != _number && _peerObjects is not null => _peerObjects,
        _ => _objects,
    };

    private void ForwardName(ObjectProtocol.INameRequest message, bool onlyHere)
    {
        if (_nameShards is null || onlyHere)
            _objects.Forward(message);
        else
            AskNameAsync(message, _nameShards).PipeTo(Sender, Self);
    }

    /// <summary>
    /// Asks the owner of a name. A message to a name at a lost coordinator is lost too, so it is repeated. Names apply a repeated message
    /// once.
    /// </summary>
    private static async Task<ObjectProtocol.NamedObjectReply> AskNameAsync(ObjectProtocol.INameRequest message, IActorRef names)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await names.Ask<ObjectProtocol.NamedObjectReply>(message, NameTimeout).ConfigureAwait(false);
            }
            catch (AskTimeoutException) when (attempt < NameAttempts)
            {
                // The name moves to another coordinator.
            }
        }
    }

    private static void OpenPool(PoolProtocol.OpenPool open, IActorRef nodes, IActorRef payloads)
    {
        var client = Context.Sender;
        // A client that missed the answer opens the pool again.
        if (Context.Child($"pool-{open.Pool}") is var known && !known.IsNobody())
        {
            known.Forward(open);
            return;
        }

        var opened = ClientUsages.CreateCharge(Context.System, client, ClientResource.Pools);
        if (!opened.TryGrow(1))
        {
            client.Tell(new PoolProtocol.PoolRefused(open.Pool, opened.FormatRefusal(), IsOverLimit: true));
            return;
        }

        var pool = ActorProps.Create(() => new PoolActor(open, client, nodes, payloads, opened));
        Context.ActorOf(InlineDispatcher.ApplyTo(pool, Context.System), $"pool-{open.Pool}");
    }

    private void FindPool(PoolProtocol.FindPool find)
    {
        if (_sharedStore.Pools.IsNobody())
        {
            Sender.Tell(
                new PoolProtocol.PoolRefused(
                    find.Pool, "This coordinator has no store for durable pools: start it with --store FILE or --postgres-file FILE."));
        }
        else
            FindPoolAsync(find).PipeTo(Sender, Self);
    }

    /// <summary>
    /// Finds a durable pool. The answer passes through this actor, because other coordinators may be unable to reach the client.
    /// </summary>
    private Task<PoolProtocol.PoolFound> FindPoolAsync(PoolProtocol.FindPool find) =>
        _sharedStore.Pools.Ask<PoolProtocol.PoolFound>(find, FindTimeout);

    private object GetOrOpenStore(DurableStore store, IActorRef nodes)
    {
        try
        {
            return _stores.TryGetValue(store.ToString(), out var here) ? here : _stores[store.ToString()] = OpenStore(store, nodes);
        }
        catch (DurableStoreException exception)
        {
            return new Status.Failure(exception);
        }
    }

    private StoreActors OpenStore(DurableStore store, IActorRef nodes)
    {
        store.PrepareStore();
        var plugins = JournalPlugins.RegisterStore(Context.System, store);
        var pools = Context.ActorOf(ActorProps.Create(() => new DurablePoolsActor(nodes, plugins)));
        var objects = Context.ActorOf(InlineDispatcher.ApplyTo(ActorProps.Create(() => new DurableObjectsActor(plugins)), Context.System));
        _durableCallers.Tell(new DurableCallersActor.AddStore(ObjectId.GetStoreNumber(store.ToString()), objects));
        return new StoreActors(pools, objects);
    }

    private void ReceiveAndForward<T1, T2, T3>(IActorRef target)
    {
        Receive<T1>(message => target.Forward(message));
        Receive<T2>(message => target.Forward(message));
        Receive<T3>(message => target.Forward(message));
    }

    /// <summary>From the same process: opens a store for durable pools and objects. Answered by <see cref="StoreActors"/>.</summary>
    public sealed record GetStoreActors(DurableStore Store);
}
