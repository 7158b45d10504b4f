using Actors.Messages.Objects;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Objects.Durable;

/// <summary>Takes in what durable objects say, and sees the connection to the coordinator break.</summary>
internal sealed class DurableSessionActor : ReceiveActor
{
    private readonly DurableObjectSession _session;

    public DurableSessionActor(DurableObjectSession session, IActorRef coordinator)
    {
        _session = session;
        Context.Watch(coordinator);
        Receive<DurableObjectProtocol.IFromObject>(session.Hear);
        Receive<Terminated>(_ => session.Lost(Self));
        Receive<DisassociatedEvent>(broken =>
        {
            if (broken.RemoteAddress.Equals(coordinator.Path.Address))
                session.Lost(Self);
        });
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _session.Lost(Self);
    }
}
