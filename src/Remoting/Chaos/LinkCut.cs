using Actors.Messages.Chaos;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Chaos;

/// <summary>An injected partition between this program and some of its peers. Immutable.</summary>
/// <param name="Peers">The roles of the peers.</param>
/// <param name="Addresses">The addresses of the peers; empty for all peers of these roles.</param>
/// <param name="Direction">The direction in which messages do not arrive.</param>
/// <param name="DiscardsMessages">Whether messages are discarded. Otherwise they are held until the partition ends.</param>
public sealed record LinkCut(ChaosPeers Peers, IReadOnlyCollection<HostPort> Addresses, ChaosDirection Direction, bool DiscardsMessages)
{
    /// <summary>Whether the partition separates this program from a peer. Operators are never separated.</summary>
    public bool Separates(LinkPeer peer) => Contains(peer.Role) && (Addresses.Count == 0 || Addresses.Contains(peer.Address));

    private bool Contains(LinkRole role) => role switch
    {
        LinkRole.Client => Peers.HasFlag(ChaosPeers.Clients),
        LinkRole.Node => Peers.HasFlag(ChaosPeers.Nodes),
        LinkRole.Coordinator => Peers.HasFlag(ChaosPeers.Coordinators),
        _ => false,
    };
}
