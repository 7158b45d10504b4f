using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Serialization;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>
/// Stands for a manager at the coordinator: the objects it asks for live no longer than it. A manager whose process is killed can remove
/// nothing itself; the coordinator sees this actor go.
/// </summary>
internal sealed class ObjectMakerActor : PeerActor
{
    private readonly Dictionary<ObjectId, Make> _asked = [];

    private readonly IActorRef _coordinator;

    public ObjectMakerActor(IActorRef coordinator)
    {
        _coordinator = coordinator;
        Receive<Make>(make =>
        {
            _asked[make.Create.Object] = make;
            coordinator.Tell(make.Create);
        });
        Receive<ObjectProtocol.Created>(created =>
        {
            if (_asked.Remove(created.Object, out var make))
                make.Done.TrySetResult();
        });
        Receive<MessageDiscarded>(discarded =>
        {
            if (discarded.Message is ObjectProtocol.Create create && _asked.Remove(create.Object, out var make))
                make.Done.TrySetException(new PayloadTooLargeException(WireLimits.TooLarge("The values that the object starts with", discarded.Length)));
        });
    }

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsBeside(_coordinator);

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(MessageDiscarded));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        foreach (var make in _asked.Values)
            make.Done.TrySetException(new CoordinatorLostException("The manager was disposed, or the connection to the coordinator closed."));
    }

    /// <summary>To this actor, from its manager: ask for this object.</summary>
    internal sealed record Make(ObjectProtocol.Create Create)
    {
        /// <summary>Ends when the object exists.</summary>
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
