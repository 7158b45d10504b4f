using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>What makes a coordinator one of several: their managed objects can be called through any of them, and their names are one list.</summary>
/// <param name="Home">The name that they have in common.</param>
/// <param name="Number">That of the objects which are at home here.</param>
/// <param name="Others">Knows the other coordinators (<see cref="PeersProtocol"/>).</param>
/// <param name="StartNames">Starts what keeps the names apart, given this coordinator; it takes what is said to names.</param>
internal sealed record Peering(string Home, uint Number, IActorRef Others, Func<IActorRef, IActorRef> StartNames);
