using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>The actors of the durable pools and objects in one store.</summary>
/// <param name="Pools">The actor that finds durable pools. Nobody if there is no store.</param>
/// <param name="Objects">The actor that routes messages to durable objects. Nobody if there is no store.</param>
public sealed record StoreActors(IActorRef Pools, IActorRef Objects);
