using Actors.Coordinator.Bundles;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Objects;
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
/// bundles, and one actor for each pool. A child that throws is stopped; who depends on it hears so by its death watch.
/// </summary>
internal sealed class CoordinatorSupervisor : ReceiveActor
{
    /// <param name="bundles">Where code bundles are kept; null when the only code is this process's own.</param>
    /// <param name="outer">The way to the objects that this process reaches elsewhere, when it is itself a worker.</param>
    public CoordinatorSupervisor(BundleStore? bundles, IOuterObjects? outer)
    {
        var nodes = Context.ActorOf(Props.Create<NodesActor>(), "nodes");
        var self = Self;
        var objects = Context.ActorOf(InlineDispatcher.Apply(Props.Create(() => new ObjectsActor(self, null, outer)), Context.System), "objects");
        var code = Context.ActorOf(Props.Create(() => new BundlesActor(bundles)), "bundles");

        Receive<PoolProtocol.Open>(open => Open(open, nodes));
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

    private static void Open(PoolProtocol.Open open, IActorRef nodes)
    {
        var client = Context.Sender;
        var pool = Props.Create(() => new PoolActor(open, client, nodes));
        Context.ActorOf(InlineDispatcher.Apply(pool, Context.System), $"pool-{open.Pool}");
    }

    private void ReceiveAndForward<T1, T2, T3>(IActorRef target)
    {
        Receive<T1>(message => target.Forward(message));
        Receive<T2>(message => target.Forward(message));
        Receive<T3>(message => target.Forward(message));
    }
}
