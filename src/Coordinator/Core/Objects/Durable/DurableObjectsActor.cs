using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// The durable objects in one store of a local coordinator, inside the client process. An object is loaded when it is called. An object
/// that another program has open, or has taken over, is loaded only when it is opened again or deleted.
/// </summary>
public sealed class DurableObjectsActor : HandlerActor
{
    private readonly Dictionary<ObjectId, IActorRef> _loaded = [];
    private readonly Dictionary<ObjectId, string> _interrupted = [];
    private readonly Dictionary<IActorRef, IActorRef> _unloadRequesters = [];
    private readonly JournalPlugins _plugins;
    private readonly JournalReservations _reservations;
    private int _loadCount;

    /// <param name="plugins">The plugins of the store.</param>
    /// <param name="store">The text of the store.</param>
    public DurableObjectsActor(JournalPlugins plugins, string store)
    {
        (_plugins, _reservations) = (plugins, new JournalReservations(store, "queue"));
        Receive<DurableObjectProtocol.ICallerMessage>(RouteMessage);
        Receive<ObjectUnloaded>(OnUnloaded);
        Receive<UnloadObject>(StartUnload);
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PostStop() => _reservations.Dispose();

    private void RouteMessage(DurableObjectProtocol.ICallerMessage message)
    {
        if (message is DurableObjectProtocol.CallDurableObject { Call.Operation: ObjectOperation.Open or ObjectOperation.Delete })
            _interrupted.Remove(message.Object);
        if (_interrupted.TryGetValue(message.Object, out var reason))
            Interrupt(message, reason);
        else if (_loaded.TryGetValue(message.Object, out var loaded))
            loaded.Forward(message);
        else if (message is DurableObjectProtocol.CallerHeartbeat { Overdue: [], Open: [], AbandonedCalls: [] } here)
            Sender.Tell(new DurableObjectProtocol.CallerHeartbeatReply(here.Object, here.Caller, here.Number, []));
        else if (_reservations.TryReserve(DurableObjectActor.GetJournalName(message.Object)))
            LoadObject(message.Object).Forward(message);
        else
            Interrupt(message, _interrupted[message.Object] = _reservations.Refusal);
    }

    private void Interrupt(DurableObjectProtocol.ICallerMessage message, string reason) =>
        Sender.Tell(new DurableObjectProtocol.DurableObjectInterrupted(message.Object, message.Caller, reason));

    private IActorRef LoadObject(ObjectId id)
    {
        var plugins = _plugins;
        Func<string?, object> farewell = reason => new ObjectUnloaded(id, reason);
        var props = ActorProps.Create(() => new DurableObjectActor(id, plugins, TimeProvider.System, farewell));
        return _loaded[id] = Context.Watch(Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), $"{id}-{_loadCount++}"));
    }

    private void OnUnloaded(ObjectUnloaded unloaded)
    {
        if (_loaded.TryGetValue(unloaded.Object, out var loaded) && loaded.Equals(Sender))
            RemoveObject(unloaded.Object);
        if (unloaded.Reason is { } reason)
            _interrupted[unloaded.Object] = reason;
        Sender.Tell(PoisonPill.Instance);
    }

    private void StartUnload(UnloadObject unload)
    {
        if (_loaded.TryGetValue(unload.Object, out var loaded))
        {
            _unloadRequesters[loaded] = Sender;
            loaded.Tell(unload);
        }
        else
        {
            Sender.Tell(unload);
        }
    }

    /// <summary>Forgets an object that writes nothing more.</summary>
    private void RemoveObject(ObjectId id)
    {
        _loaded.Remove(id);
        _reservations.Release(DurableObjectActor.GetJournalName(id));
    }

    /// <summary>Forgets an object that failed. The next call loads it again.</summary>
    private void OnTerminated(IActorRef terminated)
    {
        foreach (var (id, _) in _loaded.Where(loaded => loaded.Value.Equals(terminated)).ToList())
            RemoveObject(id);
        if (_unloadRequesters.Remove(terminated, out var requester))
            requester.Tell(new UnloadObject(default));
    }

    /// <summary>
    /// From the same process: unloads an object, so that its store may be moved or deleted. The same message answers after the last write.
    /// </summary>
    public sealed record UnloadObject(ObjectId Object);

    /// <summary>From an object: it is idle or cannot continue, and may be stopped.</summary>
    public sealed record ObjectUnloaded(ObjectId Object, string? Reason);
}
