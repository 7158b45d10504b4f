using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>Stands for this process at the managed objects, and takes in their answers.</summary>
internal sealed class ObjectSessionActor : ReceiveActor
{
    private readonly ActorObjectChannel _channel;

    public ObjectSessionActor(ActorObjectChannel channel, IActorRef objects)
    {
        _channel = channel;
        Context.Watch(objects);
        Receive<ObjectReply>(_channel.Answered);
        Receive<Terminated>(_ => Lose("The coordinator of the managed objects is gone."));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Lose("The connection to the coordinator was closed.");

    private void Lose(string message) => _channel.Lost(new CoordinatorLostException(message));
}
