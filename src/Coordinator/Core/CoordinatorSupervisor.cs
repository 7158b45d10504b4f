using Actors.Coordinator.Bundles;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Durable;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// The top of the coordinator, and the one address that clients and nodes need. Below it: the nodes, the managed objects, the code
/// bundles, the large payloads, and one actor for each pool. A child that throws is stopped; who depends on it hears so by its death watch.
/// </summary>
internal sealed class CoordinatorSupervisor : ReceiveActor
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DurableHere> _stores = [];
    private readonly IActorRef _durable;
    private readonly IActorRef _durableCallers;

    /// <param name="bundles">Where code bundles are kept; null when the only code is this process's own.</param>
    /// <param name="durable">Starts what is durable, given the actor that grants executors; null when there is nothing, or each brings its store.</param>
    /// <param name="peers">Knows the other coordinators; null when there are none.</param>
    /// <param name="outer">The way to the objects that this process reaches elsewhere, when it is itself a worker.</param>
    /// <param name="payloads">Where large arguments and results lie on their way; null when nothing travels.</param>
    public CoordinatorSupervisor(
        BundleStore? bundles, Func<IActorRef, DurableHere>? durable, IActorRef? peers, IOuterObjects? outer, PayloadStore? payloads)
    {
        var nodes = Context.ActorOf(Props.Create<NodesActor>(), "nodes");
        var self = Self;
        var objects = Context.ActorOf(InlineDispatcher.Apply(Props.Create(() => new ObjectsActor(self, null, outer)), Context.System), "objects");
        var code = Context.ActorOf(Props.Create(() => new BundlesActor(bundles, peers)), "bundles");
        var large = payloads is null ? ActorRefs.Nobody : Context.ActorOf(Props.Create(() => new PayloadsActor(payloads)), "payloads");

        var here = durable?.Invoke(nodes) ?? new DurableHere(ActorRefs.Nobody, ActorRefs.Nobody);
        _durable = here.Pools;
        var callers = Props.Create(() => new DurableCallersActor(here.Objects, self, objects));
        _durableCallers = Context.ActorOf(InlineDispatcher.Apply(callers, Context.System), "durable-callers");
        var relay = Context.ActorOf(Props.Create(() => new DurableRelayActor(here.Objects)), "durable-relay");

        Receive<PoolProtocol.Open>(open => Open(open, nodes, large));
        Receive<PoolProtocol.Find>(Find);
        Receive<UseStore>(use => Sender.Tell(StoreOpened(use.Store, nodes)));
        Receive<ObjectCall>(call => To(call.Object, objects).Forward(call));
        Receive<ObjectReceived>(received => To(received.Object, objects).Forward(received));
        Receive<ObjectCallAbandoned>(abandoned => To(abandoned.Object, objects).Forward(abandoned));
        Receive<DurableObjectProtocol.IToObject>(relay.Forward);
        Receive<DurableObjectsActor.Unload>(_durableCallers.Forward);
        ReceiveAndForward<ObjectProtocol.Create, ObjectProtocol.Remove, ObjectProtocol.Publish>(objects);
        Receive<ObjectProtocol.Find>(objects.Forward);
        Receive<CallerGone>(gone => To(gone.Object, objects).Forward(gone));
        ReceiveAndForward<NodeProtocol.Join, NodeProtocol.Draining, NodeProtocol.Left>(nodes);
        ReceiveAndForward<NodeProtocol.Heartbeat, NodeProtocol.List, NodeProtocol.DrainNode>(nodes);
        ReceiveAndForward<BundleProtocol.Offer, BundleProtocol.Chunk, BundleProtocol.Fetch>(code);
        Receive<BundleProtocol.FetchChunk>(code.Forward);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private IActorRef To(ObjectId id, IActorRef objects) => id.IsDurable ? _durableCallers : objects;

    private static void Open(PoolProtocol.Open open, IActorRef nodes, IActorRef payloads)
    {
        var client = Context.Sender;
        var pool = Props.Create(() => new PoolActor(open, client, nodes, payloads));
        Context.ActorOf(InlineDispatcher.Apply(pool, Context.System), $"pool-{open.Pool}");
    }

    private void Find(PoolProtocol.Find find)
    {
        if (_durable.IsNobody())
            Sender.Tell(new PoolProtocol.Refused(find.Pool, "This coordinator has no store for durable pools: start it with --store FILE or --postgres-file FILE."));
        else
            FindAsync(find).PipeTo(Sender);
    }

    /// <summary>The answer comes here, and from here to the client: it may be that nobody else can reach it.</summary>
    private Task<PoolProtocol.Found> FindAsync(PoolProtocol.Find find) => _durable.Ask<PoolProtocol.Found>(find, FindTimeout);

    private object StoreOpened(DurableStore store, IActorRef nodes)
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

    private DurableHere OpenStore(DurableStore store, IActorRef nodes)
    {
        store.Prepare();
        var plugins = JournalPlugins.Of(Context.System, store);
        var pools = Context.ActorOf(Props.Create(() => new DurablePoolsActor(nodes, plugins)));
        var objects = Context.ActorOf(InlineDispatcher.Apply(Props.Create(() => new DurableObjectsActor(plugins)), Context.System));
        _durableCallers.Tell(new DurableCallersActor.UseStore(ObjectId.NumberOf(store.ToString()), objects));
        return new DurableHere(pools, objects);
    }

    private void ReceiveAndForward<T1, T2, T3>(IActorRef target)
    {
        Receive<T1>(message => target.Forward(message));
        Receive<T2>(message => target.Forward(message));
        Receive<T3>(message => target.Forward(message));
    }

    /// <summary>From the same process: there are durable pools and objects that are to be written there. Answered by <see cref="DurableHere"/>.</summary>
    public sealed record UseStore(DurableStore Store);
}
