using Actors.Coordinator.Bundles;
using Actors.Coordinator.Chaos;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Durable;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Messages.Bundles;
using Actors.Messages.Chaos;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Event;

namespace Actors.Coordinator;

/// <summary>
/// The root actor of a coordinator: it starts the actors of nodes, pools, objects, code and payloads, and gives each message of a peer to
/// one of them. A child that throws is stopped; actors that depend on it watch it. Peers receive its address from
/// <see cref="GatewayActor"/>. The transport decides which messages the role of a peer may send.
/// </summary>
public sealed class CoordinatorSupervisor : HandlerActor
{
    /// <param name="code">The store of code bundles. Null in a local coordinator, whose only code is that of its process.</param>
    /// <param name="durable">
    /// Starts durable pools and objects, given the actor that grants executors. Null if there is no common store.
    /// </param>
    /// <param name="identity">The identity among other coordinators. Null for a local coordinator.</param>
    /// <param name="outer">The link to objects outside of this process, if the process is itself a worker. Null otherwise.</param>
    /// <param name="payloads">The store of large arguments and results. Null in a local coordinator, where nothing is uploaded.</param>
    public CoordinatorSupervisor(
        CodeStore? code, Func<IActorRef, StoreActors>? durable, CoordinatorIdentity? identity, IOuterObjects? outer,
        PayloadStore? payloads)
    {
        var (self, peers, hasStore) = (Self, identity?.Peers, durable is not null);
        var nodes = Context.ActorOf(ActorProps.Create(() => new NodesActor(peers)), "nodes");
        var shared = durable?.Invoke(nodes) ?? new StoreActors(ActorRefs.Nobody, ActorRefs.Nobody);

        var bundles = Context.ActorOf(ActorProps.Create(() => new BundlesActor(code, peers)), "bundles");
        var large = payloads is null ? ActorRefs.Nobody : Context.ActorOf(ActorProps.Create(() => new PayloadsActor(payloads)), "payloads");
        var pools = StartInline(ActorProps.Create(() => new PoolsActor(nodes, large, shared.Pools)), "pools");

        var objects = StartInline(ActorProps.Create(() => new ObjectsActor(self, null, outer)), "objects");
        var peerObjects = identity is null
            ? null
            : StartInline(ActorProps.Create(() => new PeerObjectsActor(peers, self)), "objects-elsewhere");
        var durableCallers = StartInline(
            ActorProps.Create(() => new DurableCallersActor(shared.Objects, self, objects)), "durable-callers");
        var relay = Context.ActorOf(ActorProps.Create(() => new DurableRelayActor(shared.Objects)), "durable-relay");
        var shards = identity?.StartNames?.Invoke(self);
        var names = StartInline(ActorProps.Create(() => new NamesActor(objects, shards)), "names");

        var stores = Context.ActorOf(ActorProps.Create(() => new StoresActor(nodes, durableCallers)), "stores");
        // Only programs in other processes have limits.
        if (identity is not null)
            Context.ActorOf(ActorProps.Create(() => new AnswerReceiptsActor()), "answers");
        var chaos = Context.ActorOf(ActorProps.Create(() => new ChaosActor(nodes, peers, hasStore)), "chaos");

        ReceiveAndForward<NodeProtocol.Join, NodeProtocol.NodeDraining, NodeProtocol.NodeLeft>(nodes);
        ReceiveAndForward<NodeProtocol.Heartbeat, NodeProtocol.ListNodes, NodeProtocol.DrainNode>(nodes);
        Receive<PoolProtocol.ListPools>(nodes.Forward);
        Receive<PoolProtocol.OpenPool>(pools.Forward);
        Receive<PoolProtocol.FindPool>(pools.Forward);
        Receive<BundleProtocol.OfferBundle>(bundles.Forward);
        Receive<BundleProtocol.FetchBundle>(bundles.Forward);
        ReceiveObjectMessages(new ObjectRouter(identity?.Number ?? 0, objects, durableCallers, peerObjects), objects, names);
        Receive<DurableObjectProtocol.ICallerMessage>(relay.Forward);
        Receive<DurableObjectsActor.UnloadObject>(durableCallers.Forward);
        Receive<StoresActor.GetStoreActors>(stores.Forward);
        Receive<ChaosProtocol.ListTargets>(chaos.Forward);
        Receive<ChaosProtocol.InjectFault>(chaos.Forward);
        if (identity is not null)
            EndWithAnyOf([nodes, pools, objects, names, durableCallers]);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>
    /// Ends the actor system of a coordinator program when one of these children has thrown an exception. Without it, the coordinator would
    /// accept messages and answer none of them; its clients connect to another coordinator, or to the restarted program.
    /// </summary>
    private void EndWithAnyOf(IReadOnlyList<IActorRef> children)
    {
        foreach (var child in children)
            Context.Watch(child);
        Receive<Terminated>(terminated =>
        {
            Context.GetLogger().Error(
                "The part {0} of this coordinator has failed. The coordinator ends. Start it again.", terminated.ActorRef.Path.Name);
            Context.System.Terminate();
        });
    }

    private void ReceiveObjectMessages(ObjectRouter router, IActorRef objects, IActorRef names)
    {
        Receive<ObjectCall>(call => router.FindOwner(call.Object).Forward(call));
        Receive<ObjectReplyReceived>(received => router.FindOwner(received.Object).Forward(received));
        Receive<ObjectCallAbandoned>(abandoned => router.FindOwner(abandoned.Object).Forward(abandoned));
        Receive<CallerTerminated>(terminated => router.FindOwner(terminated.Object).Forward(terminated));
        Receive<ObjectProtocol.CreateManagedObject>(objects.Forward);
        Receive<ObjectProtocol.RemoveManagedObject>(objects.Forward);
        Receive<ObjectProtocol.ListObjects>(objects.Forward);
        Receive<ObjectProtocol.INameRequest>(names.Forward);
    }

    private void ReceiveAndForward<T1, T2, T3>(IActorRef target)
    {
        Receive<T1>(message => target.Forward(message));
        Receive<T2>(message => target.Forward(message));
        Receive<T3>(message => target.Forward(message));
    }

    /// <summary>Starts a child whose messages the sending thread may handle.</summary>
    private static IActorRef StartInline(Props props, string name) =>
        Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), name);
}
