using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The durable pools in one store of a local coordinator, inside the client process. A pool is loaded when it is looked up, unless another
/// program has it.
/// </summary>
public sealed class DurablePoolsActor : HandlerActor
{
    private readonly Dictionary<PoolId, IActorRef> _loaded = [];
    private readonly IActorRef _nodes;
    private readonly JournalPlugins _plugins;
    private readonly JournalReservations _reservations;
    private int _loadCount;

    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <param name="store">The text of the store.</param>
    public DurablePoolsActor(IActorRef nodes, JournalPlugins plugins, string store)
    {
        (_nodes, _plugins, _reservations) = (nodes, plugins, new JournalReservations(store, "pool"));
        Receive<PoolProtocol.FindPool>(FindPool);
        Receive<PoolUnloaded>(OnUnloaded);
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PostStop() => _reservations.Dispose();

    private void FindPool(PoolProtocol.FindPool find)
    {
        if (_reservations.TryReserve($"{find.Pool}"))
            GetOrLoad(find.Pool).Forward(find);
        else
            Sender.Tell(new PoolProtocol.PoolInterrupted(_reservations.Refusal));
    }

    /// <summary>Forgets a pool that writes nothing more.</summary>
    private void RemovePool(PoolId id)
    {
        _loaded.Remove(id);
        _reservations.Release($"{id}");
    }

    private IActorRef GetOrLoad(PoolId id)
    {
        if (_loaded.TryGetValue(id, out var pool))
            return pool;
        var (nodes, plugins) = (_nodes, _plugins);
        var props = ActorProps.Create(() => new DurablePoolActor(
            id, nodes, plugins, TimeProvider.System, new PoolUnloaded(id), false));
        return _loaded[id] = Context.Watch(Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), $"{id}-{_loadCount++}"));
    }

    /// <summary>
    /// Stops an unloaded pool after the messages in its mailbox. It returns lookups to its parent, which loads the pool again.
    /// </summary>
    private void OnUnloaded(PoolUnloaded unloaded)
    {
        if (_loaded.TryGetValue(unloaded.Pool, out var loaded) && loaded.Equals(Sender))
            RemovePool(unloaded.Pool);
        Sender.Tell(PoisonPill.Instance);
    }

    /// <summary>Forgets a pool that failed. The next lookup loads it again.</summary>
    private void OnTerminated(IActorRef terminated)
    {
        foreach (var (id, _) in _loaded.Where(loaded => loaded.Value.Equals(terminated)).ToList())
            RemovePool(id);
    }

    /// <summary>From a pool: it is idle or cannot continue, and may be stopped.</summary>
    public sealed record PoolUnloaded(PoolId Pool);
}
