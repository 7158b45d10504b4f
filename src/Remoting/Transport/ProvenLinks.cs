using Akka.Actor;

namespace Actors.Remoting.Transport;

/// <summary>
/// The peers with open connections. No other program can use the address of such a peer: neither another client nor a node with a valid key
/// can impersonate it. Thread-safe.
/// </summary>
internal sealed class ProvenLinks : IExtension
{
    /// <summary>
    /// The limit of connections of a peer. Both sides may connect at the same time, and again before the end of an old connection is
    /// detected.
    /// </summary>
    public const int LimitPerPeer = 16;

    private readonly Lock _access = new();
    private readonly Dictionary<HostPort, (LinkPeer Peer, int Links)> _peers = [];

    /// <summary>Gets the connected peers of an actor system.</summary>
    public static ProvenLinks GetLinks(ActorSystem system) => system.WithExtension<ProvenLinks, ProvenLinksProvider>();

    /// <summary>Gets the proven role of the connected peer at an address. Null if none is connected.</summary>
    public LinkRole? FindRole(HostPort address)
    {
        lock (_access)
            return _peers.TryGetValue(address, out var known) ? known.Peer.Role : null;
    }

    /// <summary>Whether a peer, the same program, is connected.</summary>
    public bool IsConnected(LinkPeer peer)
    {
        lock (_access)
            return _peers.TryGetValue(peer.Address, out var known) && known.Peer.Role == peer.Role && HasSameInstance(known.Peer, peer);
    }

    /// <summary>Adds a connection of a peer.</summary>
    /// <returns>The reason of a refusal; null if the connection was added.</returns>
    public LinkRefusal? TryAdd(LinkPeer peer)
    {
        lock (_access)
        {
            var (known, links) = _peers.GetValueOrDefault(peer.Address, (peer, 0));
            if (known.Role != peer.Role || !HasSameInstance(known, peer))
                return new LinkRefusal(LinkRefusalCode.Address, $"{peer.Address} is the address of another program that is connected.");
            if (links == LimitPerPeer)
                return new LinkRefusal(LinkRefusalCode.Limit, $"{peer.Address} has {links} connections already.");
            _peers[peer.Address] = (known, links + 1);
            return null;
        }
    }

    /// <summary>Removes a connection that has ended.</summary>
    public void RemoveLink(LinkPeer peer)
    {
        lock (_access)
        {
            var (known, links) = _peers[peer.Address];
            if (links == 1)
                _peers.Remove(peer.Address);
            else
                _peers[peer.Address] = (known, links - 1);
        }
    }

    private static bool HasSameInstance(LinkPeer one, LinkPeer other) => one.Instance.Span.SequenceEqual(other.Instance.Span);

    private sealed class ProvenLinksProvider : ExtensionIdProvider<ProvenLinks>
    {
        public override ProvenLinks CreateExtension(ExtendedActorSystem system) => new();
    }
}
