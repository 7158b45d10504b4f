using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>The durable pools of a client's own coordinator that are written to one store: each is loaded as soon as it is opened.</summary>
internal sealed class DurablePoolsActor : ReceiveActor
{
    private readonly Dictionary<PoolId, IActorRef> _loaded = [];
    private readonly IActorRef _nodes;
    private readonly JournalPlugins _plugins;
    private int _loads;

    /// <param name="nodes">Grants executors.</param>
    /// <param name="plugins">Where they write.</param>
    public DurablePoolsActor(IActorRef nodes, JournalPlugins plugins)
    {
        (_nodes, _plugins) = (nodes, plugins);
        Receive<PoolProtocol.FindPool>(find => Loaded(find.Pool).Forward(find));
        Receive<Unloaded>(Forget);
        Receive<Terminated>(gone => Bury(gone.ActorRef));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private IActorRef Loaded(PoolId id)
    {
        if (_loaded.TryGetValue(id, out var pool))
            return pool;
        var (nodes, plugins) = (_nodes, _plugins);
        var props = Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, new Unloaded(id)));
        return _loaded[id] = Context.Watch(Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), $"{id}-{_loads++}"));
    }

    /// <summary>What it was sent before comes back: it is not lost with it.</summary>
    private void Forget(Unloaded unloaded)
    {
        if (_loaded.TryGetValue(unloaded.Pool, out var loaded) && loaded.Equals(Sender))
            _loaded.Remove(unloaded.Pool);
        Sender.Tell(PoisonPill.Instance);
    }

    /// <summary>One that failed is read again when it is looked for.</summary>
    private void Bury(IActorRef gone)
    {
        foreach (var (id, _) in _loaded.Where(loaded => loaded.Value.Equals(gone)).ToList())
            _loaded.Remove(id);
    }

    /// <summary>From a pool: it has nothing to do, or cannot go on, and may be stopped.</summary>
    public sealed record Unloaded(PoolId Pool);
}
