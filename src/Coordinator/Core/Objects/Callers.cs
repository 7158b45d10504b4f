using Actors.Coordinator.Clients;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Numbers the calling processes, each represented by an actor. A client can create any number of actors, so their entries count toward
/// its limit of memory.
/// </summary>
/// <param name="system">The actor system.</param>
public sealed class Callers(ActorSystem system) : IDisposable
{
    /// <summary>The bytes of an entry and of the watch of its actor, approximately.</summary>
    private const int EntrySize = 512;

    private readonly Dictionary<IActorRef, (Caller Caller, ClientUsage? Usage)> _callers = [];
    private readonly Dictionary<Caller, IActorRef> _actors = [];
    private int _last;

    /// <summary>Gets the caller of an actor, or adds it. Null if its program has too many.</summary>
    public Caller? GetOrAdd(IActorRef actor, out bool isNew)
    {
        isNew = false;
        if (_callers.TryGetValue(actor, out var known))
            return known.Caller;
        var usage = ClientUsages.FindUsage(system, actor);
        if (usage is not null && !usage.TryAdd(ClientResource.ObjectMemory, EntrySize))
            return null;
        isNew = true;
        var caller = new Caller(++_last);
        _callers[actor] = (caller, usage);
        _actors[caller] = actor;
        return caller;
    }

    /// <summary>Gets the actor of a caller. Null after it was removed.</summary>
    public IActorRef? FindActor(Caller caller) => _actors.GetValueOrDefault(caller);

    /// <summary>Removes an actor.</summary>
    public bool TryRemove(IActorRef actor, out Caller caller)
    {
        var isKnown = _callers.Remove(actor, out var known);
        caller = known.Caller;
        if (!isKnown)
            return false;
        known.Usage?.Add(ClientResource.ObjectMemory, -EntrySize);
        _actors.Remove(caller);
        return true;
    }

    /// <summary>Gets the actors at an address.</summary>
    public List<IActorRef> GetActorsAt(Address address) => [.. _callers.Keys.Where(actor => actor.Path.Address.Equals(address))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var actor in _actors.Values.ToList())
            TryRemove(actor, out _);
    }
}
