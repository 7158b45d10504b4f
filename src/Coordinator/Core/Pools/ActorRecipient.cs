using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>An actor as the receiver of the messages of a state class.</summary>
/// <param name="Actor">The actor.</param>
public sealed record ActorRecipient(IActorRef Actor) : IRecipient
{
    /// <inheritdoc/>
    public bool IsLocal => Actor.Path.Address.HasLocalScope;

    /// <inheritdoc/>
    public void Send(object message) => Actor.Tell(message);
}
