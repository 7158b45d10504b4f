namespace Actors.Remoting.Transport;

/// <summary>
/// The peers that have connections now. While one has, no other program gets its address: neither another client nor a node with a valid key can pass for
/// it. Thread-safe.
/// </summary>
internal sealed class ProvenLinks
{
    /// <summary>Both sides may connect at the same moment, and again before the end of an old connection is noticed.</summary>
    public const int LimitPerPeer = 16;

    private readonly Lock _access = new();
    private readonly Dictionary<HostPort, (LinkPeer Peer, int Links)> _peers = [];

    /// <summary>Adds a connection of a peer.</summary>
    /// <returns>Why it cannot be; null when it is added.</returns>
    public LinkRefusal? TryAdd(LinkPeer peer)
    {
        lock (_access)
        {
            var (known, links) = _peers.GetValueOrDefault(peer.Address, (peer, 0));
            if (known.Role != peer.Role || !known.Instance.Span.SequenceEqual(peer.Instance.Span))
                return new LinkRefusal(LinkRefusalCode.Address, $"{peer.Address} is the address of another program that is connected.");
            if (links == LimitPerPeer)
                return new LinkRefusal(LinkRefusalCode.Limit, $"{peer.Address} has {links} connections already.");
            _peers[peer.Address] = (known, links + 1);
            return null;
        }
    }

    /// <summary>A connection that was added has ended.</summary>
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
}
