using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>Numbers the calling processes, each represented by an actor.</summary>
internal sealed class Callers
{
    private readonly Dictionary<IActorRef, Caller> _callers = [];
    private readonly Dictionary<Caller, IActorRef> _actors = [];
    private int _last;

    /// <summary>Gets the caller of an actor, or adds it.</summary>
    public Caller GetOrAdd(IActorRef actor, out bool isNew)
    {
        isNew = !_callers.TryGetValue(actor, out var caller);
        if (isNew)
        {
            caller = _callers[actor] = new Caller(++_last);
            _actors[caller] = actor;
        }

        return caller;
    }

    /// <summary>Gets the actor of a caller. Null after it was removed.</summary>
    public IActorRef? FindActor(Caller caller) => _actors.GetValueOrDefault(caller);

    /// <summary>Removes an actor.</summary>
    public bool TryRemove(IActorRef actor, [MaybeNullWhen(false)] out Caller caller)
    {
        if (!_callers.Remove(actor, out caller))
            return false;
        _actors.Remove(caller);
        return true;
    }

    /// <summary>Gets the actors at an address.</summary>
    public List<IActorRef> GetActorsAt(Address address) => [.. _callers.Keys.Where(actor => actor.Path.Address.Equals(address))];
}
