using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>Checks who sent a message. The transport proves that the address of a sender is the address of the connection's peer.</summary>
internal static class SenderChecks
{
    /// <summary>Whether the sender is an actor at this address. A message that names no sender comes from nowhere.</summary>
    public static bool IsAt(this IActorRef sender, Address address) => sender is not DeadLetterActorRef && sender.Path.Address.Equals(address);

    /// <summary>Whether the sender is an actor of this process.</summary>
    public static bool IsLocal(this IActorRef sender) => sender is not DeadLetterActorRef && sender.Path.Address.HasLocalScope;

    /// <summary>Whether the sender is an actor of the process that the peer is in.</summary>
    public static bool IsInProcessOf(this IActorRef sender, IActorRef peer) => sender.IsAt(peer.Path.Address);
}
