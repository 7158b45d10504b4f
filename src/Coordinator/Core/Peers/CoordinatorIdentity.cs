using System.Security.Cryptography;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>
/// The identity of a coordinator among others. Each coordinator of a cluster gives access to the managed objects of all, and names are
/// common to all.
/// </summary>
/// <param name="ClusterId">The id of the cluster, or of a single coordinator.</param>
/// <param name="Number">The number in the ids of the objects that this coordinator owns.</param>
/// <param name="Peers">The actor that knows the other coordinators (<see cref="PeersProtocol"/>). Null if there are none.</param>
/// <param name="StartNames">Starts the region of names, given this coordinator. Null if there are no others.</param>
public sealed record CoordinatorIdentity(string ClusterId, uint Number, IActorRef? Peers, Func<IActorRef, IActorRef>? StartNames)
{
    /// <summary>Creates the identity of a single coordinator.</summary>
    public static CoordinatorIdentity CreateStandalone() => new(Guid.NewGuid().ToString("N"), NewNumber(), null, null);

    /// <summary>Creates a random number, which no earlier coordinator used.</summary>
    public static uint NewNumber() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}
