using Actors.Messages;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>A coordinator that has answered the handshake.</summary>
/// <param name="Actor">The coordinator's actor.</param>
/// <param name="Welcome">The answer.</param>
public sealed record ConnectedCoordinator(IActorRef Actor, CoordinatorProtocol.HandshakeReply Welcome);
