using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Serialization;
using Akka.Actor;

namespace Actors.Objects;

/// <summary>
/// Represents a manager at the coordinator: its objects live no longer than this actor. A killed process cannot remove its objects itself,
/// but the coordinator sees this actor end.
/// </summary>
internal sealed class ObjectMakerActor : PeerActor
{
    private readonly Dictionary<ObjectId, CreateObject> _asked = [];

    private readonly IActorRef _coordinator;

    public ObjectMakerActor(IActorRef coordinator)
    {
        _coordinator = coordinator;
        Receive<CreateObject>(make =>
        {
            _asked[make.Create.Object] = make;
            coordinator.Tell(make.Create);
        });
        Receive<ObjectProtocol.ObjectCreated>(created =>
        {
            if (_asked.Remove(created.Object, out var make))
                make.Done.TrySetResult(created.Object);
        });
        Receive<ObjectProtocol.ObjectRefused>(refused =>
        {
            if (_asked.Remove(refused.Object, out var make))
                make.Done.TrySetException(new ClientLimitException(refused.Reason));
        });
        Receive<MessageDiscarded>(discarded =>
        {
            if (discarded.Message is ObjectProtocol.CreateManagedObject create && _asked.Remove(create.Object, out var make))
            {
                make.Done.TrySetException(
                    new PayloadTooLargeException(WireLimits.DescribeTooLarge("The initial values of the object", discarded.Length)));
            }
        });
    }

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsInProcessOf(_coordinator);

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(MessageDiscarded));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        foreach (var make in _asked.Values)
        {
            make.Done.TrySetException(
                new CoordinatorLostException("The manager was disposed, or the connection to the coordinator closed."));
        }
    }

    /// <summary>A request of the manager to create an object.</summary>
    internal sealed record CreateObject(ObjectProtocol.CreateManagedObject Create)
    {
        /// <summary>Completes when the object exists.</summary>
        public TaskCompletionSource<ObjectId> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
