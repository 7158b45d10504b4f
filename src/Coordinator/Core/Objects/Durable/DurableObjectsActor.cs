using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// The durable objects of a client's own coordinator that are written to one store: each is loaded when it is called. One that another program has taken over
/// is loaded again only when it is opened.
/// </summary>
internal sealed class DurableObjectsActor : ReceiveActor
{
    private readonly Dictionary<ObjectId, IActorRef> _loaded = [];
    private readonly Dictionary<ObjectId, string> _interrupted = [];
    private readonly Dictionary<IActorRef, IActorRef> _waiting = [];
    private readonly JournalPlugins _plugins;
    private int _loads;

    /// <param name="plugins">Where they write.</param>
    public DurableObjectsActor(JournalPlugins plugins)
    {
        _plugins = plugins;
        Receive<DurableObjectProtocol.ICallerMessage>(Pass);
        Receive<Unloaded>(Forget);
        Receive<Unload>(End);
        Receive<Terminated>(gone => Bury(gone.ActorRef));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Pass(DurableObjectProtocol.ICallerMessage message)
    {
        if (message is DurableObjectProtocol.CallDurableObject { Call.Operation: ObjectOperation.Open })
            _interrupted.Remove(message.Object);
        if (_interrupted.TryGetValue(message.Object, out var reason))
            Sender.Tell(new DurableObjectProtocol.DurableObjectInterrupted(message.Object, message.Caller, reason));
        else if (message is DurableObjectProtocol.CallerHeartbeat { Overdue: [], Open: [], AbandonedCalls: [] } here && !_loaded.ContainsKey(here.Object))
            Sender.Tell(new DurableObjectProtocol.CallerHeartbeatReply(here.Object, here.Caller, here.Number, []));
        else
            Loaded(message.Object).Forward(message);
    }

    private IActorRef Loaded(ObjectId id)
    {
        if (_loaded.TryGetValue(id, out var loaded))
            return loaded;
        var plugins = _plugins;
        Func<string?, object> farewell = reason => new Unloaded(id, reason);
        var props = Props.Create(() => new DurableObjectActor(id, plugins, TimeProvider.System, farewell));
        return _loaded[id] = Context.Watch(Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), $"{id}-{_loads++}"));
    }

    private void Forget(Unloaded unloaded)
    {
        if (_loaded.TryGetValue(unloaded.Object, out var loaded) && loaded.Equals(Sender))
            _loaded.Remove(unloaded.Object);
        if (unloaded.Reason is { } reason)
            _interrupted[unloaded.Object] = reason;
        Sender.Tell(PoisonPill.Instance);
    }

    private void End(Unload unload)
    {
        if (_loaded.TryGetValue(unload.Object, out var loaded))
        {
            _waiting[loaded] = Sender;
            loaded.Tell(unload);
        }
        else
        {
            Sender.Tell(unload);
        }
    }

    /// <summary>One that failed is read again when it is called.</summary>
    private void Bury(IActorRef gone)
    {
        foreach (var (id, _) in _loaded.Where(loaded => loaded.Value.Equals(gone)).ToList())
            _loaded.Remove(id);
        if (_waiting.Remove(gone, out var asker))
            asker.Tell(new Unload(default));
    }

    /// <summary>From the same process: nobody wants the object for now, and its store may be moved or deleted. Answered by the same when nothing is written any more.</summary>
    public sealed record Unload(ObjectId Object);

    /// <summary>From an object: it has nothing to do, or cannot go on, and may be stopped.</summary>
    public sealed record Unloaded(ObjectId Object, string? Reason);
}
