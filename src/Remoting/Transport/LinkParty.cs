using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>The identity of this program in its handshakes. Immutable.</summary>
/// <param name="Role">Its role.</param>
/// <param name="Address">Its address.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Coordinators">The addresses that only coordinators have; a coordinator accepts no coordinator from elsewhere.</param>
/// <param name="Instance">A random number that distinguishes this program from another program at the same address.</param>
public sealed record LinkParty(
    LinkRole Role, HostPort Address, LinkKeys Keys, IReadOnlyList<HostPort> Coordinators, ReadOnlyMemory<byte> Instance);

/// <summary>The certificates of an encrypted connection. Immutable.</summary>
/// <param name="Own">The hash of this program's certificate.</param>
/// <param name="Peer">The hash of the peer's certificate.</param>
/// <param name="OwnRoles">The roles that this program's certificate names; empty for none.</param>
/// <param name="PeerRoles">The roles that the peer's certificate names; empty for none.</param>
public sealed record LinkCertificates(byte[] Own, byte[] Peer, IReadOnlyList<LinkRole> OwnRoles, IReadOnlyList<LinkRole> PeerRoles)
{
    /// <summary>The connection is not encrypted.</summary>
    public static LinkCertificates None { get; } = new([], [], [], []);

    /// <summary>
    /// Whether the certificate of the peer permits a role. A certificate without roles is accepted only if the certificate of this program
    /// has none either, because the authority then issues none. An operator may use a certificate of a client: its key makes it one.
    /// </summary>
    public bool AllowsRole(LinkRole role) => PeerRoles.Count == 0
        ? OwnRoles.Count == 0
        : PeerRoles.Contains(role) || (role == LinkRole.Operator && PeerRoles.Contains(LinkRole.Client));
}
