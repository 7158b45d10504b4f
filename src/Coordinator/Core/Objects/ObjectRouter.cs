using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>Finds the actor to which the messages of a managed object go. Immutable.</summary>
/// <param name="coordinator">The number of this coordinator.</param>
/// <param name="objects">The objects of this coordinator.</param>
/// <param name="durableCallers">The callers of durable objects.</param>
/// <param name="peerObjects">The objects of other coordinators. Null if there are none.</param>
public sealed class ObjectRouter(uint coordinator, IActorRef objects, IActorRef durableCallers, IActorRef? peerObjects)
{
    /// <summary>Finds the actor for an object.</summary>
    public IActorRef FindOwner(ObjectId id) => id switch
    {
        { IsDurable: true } => durableCallers,
        { CoordinatorNumber: not 0 and var number } when number != coordinator && peerObjects is not null => peerObjects,
        _ => objects,
    };
}
