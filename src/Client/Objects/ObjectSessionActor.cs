using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>Stands for this process at the managed objects, and takes in their answers.</summary>
internal sealed class ObjectSessionActor : PeerActor
{
    private readonly ActorObjectChannel _channel;
    private readonly IActorRef _objects;

    public ObjectSessionActor(ActorObjectChannel channel, IActorRef objects)
    {
        (_channel, _objects) = (channel, objects);
        Context.Watch(objects);
        Receive<ObjectReply>(_channel.Answered);
        Receive<Terminated>(_ => Lose("The coordinator of the managed objects is gone."));
    }

    /// <summary>Objects answer from the coordinator.</summary>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsBeside(_objects);

    /// <inheritdoc/>
    protected override void PostStop() => Lose("The connection to the coordinator was closed.");

    private void Lose(string message) => _channel.Lost(new CoordinatorLostException(message));
}
