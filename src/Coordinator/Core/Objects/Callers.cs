using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>The processes that call, by the actors that stand for them.</summary>
internal sealed class Callers
{
    private readonly Dictionary<IActorRef, Caller> _callers = [];
    private readonly Dictionary<Caller, IActorRef> _actors = [];
    private int _last;

    /// <summary>The caller that an actor stands for.</summary>
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

    /// <summary>The actor that stands for a caller; null when it is gone.</summary>
    public IActorRef? FindActor(Caller caller) => _actors.GetValueOrDefault(caller);

    /// <summary>Forgets an actor.</summary>
    public bool TryRemove(IActorRef actor, [MaybeNullWhen(false)] out Caller caller)
    {
        if (!_callers.Remove(actor, out caller))
            return false;
        _actors.Remove(caller);
        return true;
    }

    /// <summary>The actors of a machine.</summary>
    public List<IActorRef> GetActorsAt(Address address) => [.. _callers.Keys.Where(actor => actor.Path.Address.Equals(address))];
}
