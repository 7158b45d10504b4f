using Actors.Messages;
using Actors.Messages.Collections;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>The actors that created objects. An object is removed with its creator, unless it has a name. Not thread-safe.</summary>
public sealed class ObjectMakers
{
    private readonly Dictionary<ObjectId, IActorRef> _makers = [];
    private readonly MultiMap<IActorRef, ObjectId> _objects = new();

    /// <summary>Finds the creator of an object. Null if it has none.</summary>
    public IActorRef? FindMaker(ObjectId id) => _makers.GetValueOrDefault(id);

    /// <summary>Adds an object.</summary>
    public void Add(ObjectId id, IActorRef maker)
    {
        _makers[id] = maker;
        _objects.Add(maker, id);
    }

    /// <summary>Removes an object.</summary>
    public void Remove(ObjectId id)
    {
        if (_makers.Remove(id, out var maker))
            _objects.Remove(maker, id);
    }

    /// <summary>Gets the objects of a creator.</summary>
    public IReadOnlyList<ObjectId> GetObjects(IActorRef maker) => [.. _objects[maker]];
}
