using System.Security.Cryptography;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>Who a coordinator is that others find. Of several, each can be asked for the managed objects of all, and their names are one list.</summary>
/// <param name="ClusterId">Its name, or the one that all have in common.</param>
/// <param name="Number">That of the objects which are at home here.</param>
/// <param name="Peers">Knows the other coordinators (<see cref="PeersProtocol"/>); null when there are none.</param>
/// <param name="StartNames">Starts what keeps the names apart, given this coordinator; it takes what is said to names. Null when there are no others.</param>
internal sealed record CoordinatorIdentity(string ClusterId, uint Number, IActorRef? Peers, Func<IActorRef, IActorRef>? StartNames)
{
    /// <summary>One that is alone.</summary>
    public static CoordinatorIdentity CreateStandalone() => new(Guid.NewGuid().ToString("N"), NewNumber(), null, null);

    /// <summary>A number that no coordinator had before.</summary>
    public static uint NewNumber() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}
