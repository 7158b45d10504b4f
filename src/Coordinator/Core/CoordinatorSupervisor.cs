using Actors.Coordinator.Bundles;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Pools;
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

    private readonly Dictionary<string, IActorRef> _stores = [];
    private readonly IActorRef _durable;

    /// <param name="bundles">Where code bundles are kept; null when the only code is this process's own.</param>
    /// <param name="durablePools">Starts the actor that finds durable pools, given the one that grants executors; null when there are none, or each brings its store.</param>
    /// <param name="peers">Knows the other coordinators; null when there are none.</param>
    /// <param name="outer">The way to the objects that this process reaches elsewhere, when it is itself a worker.</param>
    /// <param name="payloads">Where large arguments and results lie on their way; null when nothing travels.</param>
    public CoordinatorSupervisor(
        BundleStore? bundles, Func<IActorRef, IActorRef>? durablePools, IActorRef? peers, IOuterObjects? outer, PayloadStore? payloads)
    {
        var nodes = Context.ActorOf(Props.Create<NodesActor>(), "nodes");
        var self = Self;
        var objects = Context.ActorOf(InlineDispatcher.Apply(Props.Create(() => new ObjectsActor(self, null, outer)), Context.System), "objects");
        var code = Context.ActorOf(Props.Create(() => new BundlesActor(bundles, peers)), "bundles");
        var large = payloads is null ? ActorRefs.Nobody : Context.ActorOf(Props.Create(() => new PayloadsActor(payloads)), "payloads");

        _durable = durablePools?.Invoke(nodes) ?? ActorRefs.Nobody;

        Receive<PoolProtocol.Open>(open => Open(open, nodes, large));
        Receive<PoolProtocol.Find>(Find);
        Receive<UseStore>(use => Sender.Tell(StoreOpened(use.Store, nodes)));
        ReceiveAndForward<ObjectCall, ObjectReceived, ObjectCallAbandoned>(objects);
        ReceiveAndForward<ObjectProtocol.Create, ObjectProtocol.Remove, ObjectProtocol.Publish>(objects);
        Receive<ObjectProtocol.Find>(objects.Forward);
        Receive<CallerGone>(objects.Forward);
        ReceiveAndForward<NodeProtocol.Join, NodeProtocol.Draining, NodeProtocol.Left>(nodes);
        Receive<NodeProtocol.Heartbeat>(nodes.Forward);
        ReceiveAndForward<BundleProtocol.Offer, BundleProtocol.Chunk, BundleProtocol.Fetch>(code);
        Receive<BundleProtocol.FetchChunk>(code.Forward);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

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
            return _stores.TryGetValue(store.ToString(), out var pools) ? pools : _stores[store.ToString()] = OpenStore(store, nodes);
        }
        catch (DurableStoreException exception)
        {
            return new Status.Failure(exception);
        }
    }

    private static IActorRef OpenStore(DurableStore store, IActorRef nodes)
    {
        store.Prepare();
        var plugins = JournalPlugins.Of(Context.System, store);
        return Context.ActorOf(Props.Create(() => new DurablePoolsActor(nodes, plugins)));
    }

    private void ReceiveAndForward<T1, T2, T3>(IActorRef target)
    {
        Receive<T1>(message => target.Forward(message));
        Receive<T2>(message => target.Forward(message));
        Receive<T3>(message => target.Forward(message));
    }

    /// <summary>From the same process: there are durable pools that are to be written there. Answered by the actor that opens them.</summary>
    public sealed record UseStore(DurableStore Store);
}
