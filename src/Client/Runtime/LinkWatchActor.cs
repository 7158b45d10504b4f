using Actors.Remoting.Access;
using Actors.Remoting.Connecting;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Runtime;

/// <summary>
/// Watches the coordinator for all pools and managers that share its runtime, and ends when the coordinator or the connection to it is
/// lost: messages in transit may be lost without notice then. It also ends when another coordinator, at which a durable pool may be, can
/// only be reached by a new actor system. The users watch this actor.
/// </summary>
internal sealed class LinkWatchActor : HandlerActor
{
    private readonly CancellationTokenSource _lost;

    public LinkWatchActor(IActorRef coordinator, CancellationTokenSource lost)
    {
        _lost = lost;
        Context.Watch(coordinator);
        Context.ActorOf(ActorProps.Create(() => new QuarantineWatchActor()), RandomName.NewName("quarantine"));
        Receive<Terminated>(_ => Context.Stop(Self));
        Receive<QuarantineWatchActor.CoordinatorQuarantined>(_ => Context.Stop(Self));
        Receive<DisassociatedEvent>(broken =>
        {
            if (broken.RemoteAddress.Equals(coordinator.Path.Address))
                Context.Stop(Self);
        });
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <summary>Marks the runtime as lost before its users learn that this actor has ended.</summary>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _lost.Cancel();
    }
}
