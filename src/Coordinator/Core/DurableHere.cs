using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>What is durable, and written to one store.</summary>
/// <param name="Pools">Finds and opens pools; nobody when there is no store.</param>
/// <param name="Objects">Takes what is said to objects; nobody when there is no store.</param>
/// <param name="Tickets">Makes what a client must show to a pool; null where it need not show anything.</param>
internal sealed record DurableHere(IActorRef Pools, IActorRef Objects, AccessKey? Tickets = null);
