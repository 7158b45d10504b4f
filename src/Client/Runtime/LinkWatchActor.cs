using Akka.Actor;
using Akka.Remote;

namespace Actors.Runtime;

/// <summary>
/// Sees the connection to the coordinator break. What was on its way is lost then, and nobody could say what: the runtime is given up, and
/// everything that waits on it ends.
/// </summary>
internal sealed class LinkWatchActor : ReceiveActor
{
    private readonly Action _lost;

    public LinkWatchActor(IActorRef coordinator, Action lost)
    {
        _lost = lost;
        Context.Watch(coordinator);
        Receive<Terminated>(_ => lost());
        Receive<DisassociatedEvent>(broken =>
        {
            if (broken.RemoteAddress.Equals(coordinator.Path.Address))
                lost();
        });
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        // The actor system ends, and with it every way that leads through it.
        _lost();
    }
}
