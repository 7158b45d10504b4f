using Akka.Actor;
using Akka.Remote;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// Tells actors that the connection to a peer has ended, which death watch would report seconds later. There may be a hundred thousand such
/// actors. If each subscribed to the event stream, every subscription would take time in proportion to all of them, and every broken
/// connection would wake them all. Thread-safe.
/// </summary>
internal sealed class BrokenConnections : MinimalActorRef, IExtension
{
    private readonly Lock _access = new();
    private readonly Dictionary<Address, HashSet<IActorRef>> _observers = [];
    private readonly ExtendedActorSystem _system;

    private BrokenConnections(ExtendedActorSystem system)
    {
        _system = system;
        Path = system.Provider.TempPath();
        system.EventStream.Subscribe(this, typeof(DisassociatedEvent));
    }

    /// <inheritdoc/>
    public override ActorPath Path { get; }

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _system.Provider;

    /// <summary>Gets the instance of an actor system.</summary>
    public static BrokenConnections Get(ActorSystem system) => system.WithExtension<BrokenConnections, BrokenConnectionsProvider>();

    /// <summary>
    /// Tells an actor when the connection to a peer ends: once, with a <see cref="DisassociatedEvent"/>.
    /// </summary>
    public void AddObserver(Address peer, IActorRef observer)
    {
        lock (_access)
        {
            if (!_observers.TryGetValue(peer, out var observers))
                _observers[peer] = observers = [];
            observers.Add(observer);
        }
    }

    /// <summary>Removes an actor that has ended.</summary>
    public void RemoveObserver(Address peer, IActorRef observer)
    {
        lock (_access)
        {
            if (_observers.TryGetValue(peer, out var observers) && observers.Remove(observer) && observers.Count == 0)
                _observers.Remove(peer);
        }
    }

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is DisassociatedEvent broken)
        {
            foreach (var observer in TakeObservers(broken.RemoteAddress))
                observer.Tell(broken, sender);
        }
    }

    private HashSet<IActorRef> TakeObservers(Address peer)
    {
        lock (_access)
            return _observers.Remove(peer, out var observers) ? observers : [];
    }

    private sealed class BrokenConnectionsProvider : ExtensionIdProvider<BrokenConnections>
    {
        public override BrokenConnections CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
