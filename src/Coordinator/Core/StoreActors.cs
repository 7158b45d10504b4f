using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>What is durable, and written to one store.</summary>
/// <param name="Pools">Finds and opens pools; nobody when there is no store.</param>
/// <param name="Objects">Takes what is said to objects; nobody when there is no store.</param>
internal sealed record StoreActors(IActorRef Pools, IActorRef Objects);
