using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// The managed objects of a coordinator, one child each: makes, finds and removes them. All that a caller says of an object goes through
/// here, so it arrives in the order in which it was said. Objects whose maker is gone are removed.
/// </summary>
internal sealed class ObjectsActor : UntypedActor
{
    private readonly Dictionary<ObjectId, Entry> _objects = [];
    private long _made;

    /// <summary>How to make it; the name it is to have is <see cref="Name"/>.</summary>
    internal static Props Props() => Akka.Actor.Props.Create(() => new ObjectsActor());

    /// <summary>Its name, under the coordinator's supervisor.</summary>
    internal const string Name = "objects";

    /// <inheritdoc/>
    // An object that fails has lost its state: started again it would be another one under the old name.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ObjectCall call:
                Forward(call);
                break;
            case ObjectReceived received:
                Forward(received.Object, received);
                break;
            case ObjectCallAbandoned abandoned:
                Forward(abandoned.Object, abandoned);
                break;
            case ObjectProtocol.Create create:
                Create(create);
                break;
            case ObjectProtocol.Remove remove:
                if (_objects.Remove(remove.Object, out var removed))
                    removed.Actor.Tell(remove);
                break;
            case Terminated terminated:
                Forget(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Forward(ObjectCall call)
    {
        if (_objects.TryGetValue(call.Object, out var entry))
            entry.Actor.Forward(call);
        else
            Sender.Tell(new ObjectReply(call.Call, ObjectStatus.NoSuchObject, 0, []));
    }

    private void Forward(ObjectId id, object message)
    {
        if (_objects.TryGetValue(id, out var entry))
            entry.Actor.Forward(message);
    }

    private void Create(ObjectProtocol.Create create)
    {
        if (!_objects.ContainsKey(create.Object) && Core(create) is { } core)
        {
            // The count keeps a name apart from that of an object of the same id which is just being removed.
            var actor = Context.ActorOf(ManagedObjectActor.Props(core), $"{create.Object}-{++_made}");
            Context.Watch(actor);
            Context.Watch(Sender);
            _objects.Add(create.Object, new Entry(actor, Sender));
        }

        if (_objects.ContainsKey(create.Object))
            Sender.Tell(new ObjectProtocol.Created(create.Object));
        else
            Unhandled(create);
    }

    private static Func<IManagedObjectState>? Core(ObjectProtocol.Create create) => create.Kind switch
    {
        ObjectKind.Queue => () => new QueueState(create.Capacity),
        ObjectKind.Lock => () => new LockState(),
        _ => null,
    };

    // Either an object or the maker of some.
    private void Forget(IActorRef gone)
    {
        foreach (var (id, entry) in _objects.Where(pair => pair.Value.Actor.Equals(gone) || pair.Value.Maker.Equals(gone)).ToList())
        {
            _objects.Remove(id);
            entry.Actor.Tell(new ObjectProtocol.Remove(id));
        }
    }

    private sealed record Entry(IActorRef Actor, IActorRef Maker);
}
