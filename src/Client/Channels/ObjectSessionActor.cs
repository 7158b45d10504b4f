using Actors.Messages;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>Represents this process at managed or durable objects, and receives their messages until the coordinator is lost.</summary>
/// <typeparam name="TMessage">The messages of the objects.</typeparam>
internal sealed class ObjectSessionActor<TMessage> : PeerActor
{
    private readonly IActorRef _coordinator;
    private readonly Action<IActorRef> _ended;

    /// <param name="coordinator">The coordinator, through which the objects answer.</param>
    /// <param name="link">The actor that ends when the coordinator is lost.</param>
    /// <param name="receive">Receives the messages.</param>
    /// <param name="ended">Receives this actor when it has ended.</param>
    public ObjectSessionActor(IActorRef coordinator, IActorRef link, Action<TMessage> receive, Action<IActorRef> ended)
    {
        (_coordinator, _ended) = (coordinator, ended);
        Context.Watch(link);
        Receive(receive);
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    /// <summary>Objects answer from the coordinator, durable ones through it.</summary>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsInProcessOf(_coordinator);

    /// <inheritdoc/>
    protected override void PostStop() => _ended(Self);
}
