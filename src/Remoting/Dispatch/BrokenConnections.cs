using Actors.Messages.Collections;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// Tells actors that the connection to a peer has ended, which death watch would report seconds later. There may be a hundred thousand such
/// actors. If each subscribed to the event stream, every subscription would take time in proportion to all of them, and every broken
/// connection would wake them all. Thread-safe.
/// </summary>
public sealed class BrokenConnections : MinimalActorRef, IExtension
{
    private readonly Lock _access = new();
    private readonly MultiMap<Address, IActorRef> _observers = new();
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
            _observers.Add(peer, observer);
    }

    /// <summary>Removes an actor that has ended.</summary>
    public void RemoveObserver(Address peer, IActorRef observer)
    {
        lock (_access)
            _observers.Remove(peer, observer);
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

    private IReadOnlyCollection<IActorRef> TakeObservers(Address peer)
    {
        lock (_access)
            return _observers.RemoveKey(peer);
    }

    private sealed class BrokenConnectionsProvider : ExtensionIdProvider<BrokenConnections>
    {
        public override BrokenConnections CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
