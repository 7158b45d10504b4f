using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>A coordinator that others find: behind a door, in an actor system that listens.</summary>
internal static class CoordinatorDoor
{
    /// <summary>Starts a coordinator in an actor system that listens, behind a door.</summary>
    /// <returns>The coordinator, and its home.</returns>
    public static (IActorRef Coordinator, string Home) Open(ActorSystem system, BundleStore bundles, AccessKey? key, DurableStore? store = null)
    {
        var home = Guid.NewGuid().ToString("N");
        var coordinator = system.ActorOf(Props.Create(() => new CoordinatorSupervisor(bundles, store, null)), $"coordinator-{Guid.NewGuid():N}");
        system.ActorOf(Props.Create(() => new DoorActor(coordinator, home, key)), Endpoints.CoordinatorName);
        return (coordinator, home);
    }
}
