using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>Represents this process at the managed objects, and receives their replies.</summary>
internal sealed class ObjectSessionActor : PeerActor
{
    private readonly ActorObjectChannel _channel;
    private readonly IActorRef _objects;

    public ObjectSessionActor(ActorObjectChannel channel, IActorRef objects)
    {
        (_channel, _objects) = (channel, objects);
        Context.Watch(objects);
        Receive<ObjectReply>(_channel.CompleteCall);
        Receive<Terminated>(
            _ => FailChannel("The coordinator of the managed objects was lost. Create the objects again with a connected manager."));
    }

    /// <summary>Objects answer from the coordinator.</summary>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsInProcessOf(_objects);

    /// <inheritdoc/>
    protected override void PostStop() => FailChannel("The connection to the coordinator was closed.");

    private void FailChannel(string message) => _channel.FailPending(new CoordinatorLostException(message));
}
