using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>Makes managed objects, a child each, and passes calls on to them. A call on an object that is not there is answered so.</summary>
internal sealed class ObjectsActor : ReceiveActor
{
    private readonly Dictionary<ObjectId, IActorRef> _objects = [];

    public ObjectsActor()
    {
        Receive<ObjectCall>(call => Pass(call));
        Receive<ObjectReceived>(received => Forward(received.Object, received));
        Receive<ObjectCallAbandoned>(abandoned => Forward(abandoned.Object, abandoned));
        Receive<ObjectProtocol.Create>(Create);
        Receive<ObjectProtocol.Remove>(Remove);
        Receive<Terminated>(gone => Forget(gone.ActorRef));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Create(ObjectProtocol.Create create)
    {
        if (!_objects.ContainsKey(create.Object))
        {
            var state = StateOf(create);
            var props = InlineDispatcher.Apply(Props.Create(() => new ManagedObjectActor(state)), Context.System);
            _objects[create.Object] = Context.Watch(Context.ActorOf(props, create.Object.ToString()));
        }

        Sender.Tell(new ObjectProtocol.Created(create.Object));
    }

    private static IManagedObjectState StateOf(ObjectProtocol.Create create) => create.Kind switch
    {
        ObjectKind.Queue => new QueueState(create.Capacity),
        ObjectKind.Lock => new LockState(),
        _ => throw new InvalidOperationException($"There is no kind {create.Kind} of managed object."),
    };

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

    /// <summary>Behind the calls that are on their way to it, which would not be answered otherwise.</summary>
    private void Remove(ObjectProtocol.Remove remove)
    {
        if (_objects.Remove(remove.Object, out var actor))
            actor.Tell(remove);
    }

    private void Forget(IActorRef actor)
    {
        foreach (var (id, _) in _objects.Where(known => known.Value.Equals(actor)).ToList())
            _objects.Remove(id);
    }
}
