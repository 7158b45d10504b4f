using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>A coordinator that others find: behind a door, in an actor system that listens.</summary>
internal static class CoordinatorDoor
{
    /// <summary>Starts a coordinator that is alone.</summary>
    /// <returns>The coordinator, as clients see it.</returns>
    public static IActorRef Open(ActorSystem system, BundleStore bundles, DoorKeys keys) =>
        Open(system, bundles, keys, null, CoordinatorIdentity.Alone(), null);

    /// <summary>The same, with what only a coordinator's own program has.</summary>
    /// <param name="system">Listens.</param>
    /// <param name="bundles">Where code bundles are kept.</param>
    /// <param name="keys">What a peer must have.</param>
    /// <param name="durable">Starts what is durable, given the actor that grants executors; null when there is nothing.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="payloads">Where large arguments and results lie on their way; null for nowhere.</param>
    /// <returns>The coordinator, as clients see it.</returns>
    public static IActorRef Open(
        ActorSystem system, BundleStore bundles, DoorKeys keys, Func<IActorRef, DurableHere>? durable, CoordinatorIdentity identity, PayloadStore? payloads)
    {
        var coordinator = system.ActorOf(Props.Create(() => new CoordinatorSupervisor(bundles, durable, identity, null, payloads)), RandomName.Of("coordinator"));
        var forClients = system.ActorOf(InlineDispatcher.Apply(Props.Create(() => new ClientGateActor(coordinator)), system), RandomName.Of("clients"));
        system.ActorOf(Props.Create(() => new DoorActor(coordinator, forClients, identity.Home, identity.Number, keys)), Endpoints.CoordinatorName);
        return forClients;
    }
}
