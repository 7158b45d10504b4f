using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Runtime;

/// <summary>
/// Reports the end of the connection to the coordinator. Messages in transit may be lost without notice then, so the runtime is abandoned
/// and its pending operations end.
/// </summary>
internal sealed class LinkWatchActor : HandlerActor
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
        // The actor system ends, and its channels with it.
        _lost();
    }
}
