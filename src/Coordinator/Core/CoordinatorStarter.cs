using Actors.Coordinator.Bundles;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>Starts a coordinator in an actor system that listens for peers.</summary>
public static class CoordinatorStarter
{
    /// <summary>Starts a coordinator without a store, payloads and other coordinators.</summary>
    public static IActorRef StartCoordinator(ActorSystem system, CodeStore code) =>
        StartCoordinator(system, code, null, CoordinatorIdentity.CreateStandalone(), null);

    /// <summary>Starts a coordinator.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="code">The store of code bundles.</param>
    /// <param name="durable">
    /// Starts durable pools and objects, given the actor that grants executors; null for a coordinator without a store.
    /// </param>
    /// <param name="identity">The coordinator's identity among others.</param>
    /// <param name="payloads">The store of large arguments and results; null for none.</param>
    /// <returns>The actor of the coordinator.</returns>
    public static IActorRef StartCoordinator(
        ActorSystem system, CodeStore code, Func<IActorRef, StoreActors>? durable, CoordinatorIdentity identity,
        PayloadStore? payloads)
    {
        var supervisor = ActorProps.Create(() => new CoordinatorSupervisor(code, durable, identity, null, payloads));
        var coordinator = system.ActorOf(supervisor, RandomName.NewName("coordinator"));
        var gateway = ActorProps.Create(() => new GatewayActor(coordinator, identity.ClusterId, identity.Number));
        system.ActorOf(gateway, Endpoints.CoordinatorName);
        return coordinator;
    }
}
