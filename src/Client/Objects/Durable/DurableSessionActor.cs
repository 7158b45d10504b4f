using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Objects.Durable;

/// <summary>Receives the messages of durable objects, and reports the end of the connection to the coordinator.</summary>
internal sealed class DurableSessionActor : PeerActor
{
    private readonly DurableObjectSession _session;
    private readonly IActorRef _coordinator;

    public DurableSessionActor(DurableObjectSession session, IActorRef coordinator)
    {
        (_session, _coordinator) = (session, coordinator);
        Context.Watch(coordinator);
        Receive<DurableObjectProtocol.IObjectMessage>(session.OnMessage);
        Receive<Terminated>(_ => session.OnConnectionLost(Self));
        Receive<DisassociatedEvent>(broken =>
        {
            if (broken.RemoteAddress.Equals(coordinator.Path.Address))
                session.OnConnectionLost(Self);
        });
    }

    /// <summary>Durable objects answer through the coordinator.</summary>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsInProcessOf(_coordinator);

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _session.OnConnectionLost(Self);
    }
}
