using Actors.Remoting.Access;
using Actors.Remoting.Chaos;
using Akka.Actor;
using Akka.Event;

namespace Actors.Remoting.Transport;

/// <summary>The context of all connections of an actor system.</summary>
/// <param name="Role">The role of this program.</param>
/// <param name="Address">The address of this program, as the transport below has it.</param>
/// <param name="Proven">The peers that are connected.</param>
/// <param name="Log">The log for refusals.</param>
/// <param name="Faults">The faults of connections; null unless the program permits them.</param>
/// <param name="System">The actor system.</param>
/// <param name="UnhandledLimit">The limit of bytes of a connection that actors have not handled.</param>
/// <param name="UnsentLimit">The limit of bytes that wait for the peer.</param>
/// <param name="Shares">The division of these limits among many connections.</param>
/// <param name="Frames">The large frames that have not arrived completely.</param>
/// <param name="LongestFrame">The length of the longest frame.</param>
/// <param name="Tls">The certificate of this program; null for unencrypted connections.</param>
/// <param name="FindRefusalAsync">Finds the reason to refuse a coordinator that no certificate proves; null for none.</param>
public sealed record LinkContext(
    LinkRole Role, Address Address, ProvenLinks Proven, ILoggingAdapter Log, LinkFaults? Faults, ExtendedActorSystem System,
    long UnhandledLimit, long UnsentLimit, LinkShares Shares, PartialFrames Frames, int LongestFrame,
    TlsIdentity? Tls, Func<LinkPeer, Task<LinkRefusal?>> FindRefusalAsync)
{
    private readonly WatchTotal _watches = new(LinkLimits.MaxWatchesOfAll);

    /// <summary>Gets the watches of a connected peer. Those of coordinators are not counted.</summary>
    public PeerWatches GetWatches(LinkPeer peer) => peer.Role == LinkRole.Coordinator
        ? CreateWatches(peer)
        : Proven.GetWatches(peer, () => CreateWatches(peer));

    private PeerWatches CreateWatches(LinkPeer peer)
    {
        var ended = AddressEnd.CreateMessage(Address.Parse($"akka.{Address.Protocol}://{Address.System}@{peer.Address}"));
        return new PeerWatches(
            LinkLimits.MaxWatches, _watches, path => FindActor(path) is not EmptyLocalActorRef, path => FindActor(path).Tell(ended));
    }

    private IActorRef FindActor(string path) => System.Provider.ResolveActorRef($"akka.{Address}{path}");
}
