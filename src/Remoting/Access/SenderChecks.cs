using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// Checks the sender of a message. The transport has proven that the address of a sender is the address of its connection.
/// </summary>
public static class SenderChecks
{
    /// <summary>Whether the sender is an actor at this address. Always false for a message without a sender.</summary>
    public static bool IsAt(this IActorRef sender, Address address) =>
        sender is not DeadLetterActorRef && sender.Path.Address.Equals(address);

    /// <summary>Whether the sender is an actor of this process.</summary>
    public static bool IsLocal(this IActorRef sender) => sender is not DeadLetterActorRef && sender.Path.Address.HasLocalScope;

    /// <summary>Whether the sender is an actor of the process of the peer.</summary>
    public static bool IsInProcessOf(this IActorRef sender, IActorRef peer) => sender.IsAt(peer.Path.Address);
}
