using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Makes managed objects, a child each, and passes calls on to them. A call on an object that is not there is answered so. An object
/// is removed when its maker says so, or is gone.
/// </summary>
internal sealed class ObjectsActor : ReceiveActor
{
    private readonly Dictionary<ObjectId, IActorRef> _objects = [];
    private readonly Dictionary<ObjectId, IActorRef> _makers = [];
    private long _made;

    public ObjectsActor()
    {
        Receive<ObjectCall>(call => Pass(call));
        Receive<ObjectReceived>(received => Forward(received.Object, received));
        Receive<ObjectCallAbandoned>(abandoned => Forward(abandoned.Object, abandoned));
        Receive<ObjectProtocol.Create>(Create);
        Receive<ObjectProtocol.Remove>(remove => Remove(remove.Object));
        Receive<Terminated>(gone => Forget(gone.ActorRef));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Create(ObjectProtocol.Create create)
    {
        if (!_objects.ContainsKey(create.Object))
        {
            // Refused without a throw: that would stop this actor, and every object with it, for the message of one client.
            if (ObjectStates.Make(create) is not { } state)
            {
                Unhandled(create);
                return;
            }

            // The count keeps the name apart from that of an object of the same id that is still stopping.
            var name = $"{create.Object}-{++_made}";
            var props = InlineDispatcher.Apply(Props.Create(() => new ManagedObjectActor(state)), Context.System);
            _objects[create.Object] = Context.Watch(Context.ActorOf(props, name));
            if (!IsAsked(Sender))
                _makers[create.Object] = Context.Watch(Sender);
        }

        Sender.Tell(new ObjectProtocol.Created(create.Object));
    }

    // The actor of an Ask is gone with its answer: it stands for nobody, and what it asked for lives until it is removed.
    private static bool IsAsked(IActorRef sender) => sender.Path.Elements is ["temp", ..];

    private void Pass(ObjectCall call)
    {
        if (_objects.TryGetValue(call.Object, out var target))
            target.Forward(call);
        else
            Sender.Tell(new ObjectReply(call.Call, ObjectStatus.NoSuchObject, 0, []));
    }

    private void Forward(ObjectId target, object message)
    {
        if (_objects.TryGetValue(target, out var actor))
            actor.Forward(message);
    }

    // Told, not stopped: calls that reached the object before are still answered.
    private void Remove(ObjectId id)
    {
        _makers.Remove(id);
        if (_objects.Remove(id, out var actor))
            actor.Tell(new ObjectProtocol.Remove(id));
    }

    // Either an object or the maker of some.
    private void Forget(IActorRef gone)
    {
        foreach (var (id, _) in _makers.Where(made => made.Value.Equals(gone)).ToList())
            Remove(id);
        foreach (var (id, _) in _objects.Where(known => known.Value.Equals(gone)).ToList())
            Remove(id);
    }
}
