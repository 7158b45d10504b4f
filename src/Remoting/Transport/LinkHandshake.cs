using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>What follows from a handshake frame.</summary>
/// <param name="Send">To be sent, if anything.</param>
/// <param name="Peer">The proven peer, when the handshake is complete.</param>
/// <param name="Refusal">Why the connection is to be closed, after <paramref name="Send"/>.</param>
internal readonly record struct LinkStep(byte[]? Send = null, LinkPeer? Peer = null, LinkRefusal? Refusal = null);

/// <summary>One side of the handshake that every connection begins with:
/// <code>
/// Hello    (role, address, address that is meant, nonce)  ─▶
///                                                         ◀─  Reply    (role, address, nonce, proof)
/// Proof    (instance, proof)                              ─▶
///                                                         ◀─  Accepted (instance, confirmation) | Refused
/// </code>
/// Pure: it knows no connection, clock or randomness beyond its nonce. After a step with a peer or a refusal it is over.
/// </summary>
internal abstract class LinkHandshake(LinkParty self)
{
    /// <summary>This program.</summary>
    protected LinkParty Self => self;

    /// <summary>The frame that begins the handshake; null for the side that waits.</summary>
    public abstract byte[]? CreateFirstFrame();

    /// <summary>Takes a frame of the peer.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="certificates">Those of the connection, as this side sees them.</param>
    public abstract LinkStep ProcessFrame(ReadOnlySpan<byte> frame, LinkCertificates certificates);

    /// <summary>Why a peer is refused whatever it proves; null when it is not.</summary>
    protected LinkRefusal? FindRefusal(LinkIntroduction peer, LinkCertificates certificates)
    {
        if (!LinkRoles.MayConnect(self.Role, peer.Role))
            return new LinkRefusal(LinkRefusalCode.Role, $"a {GetRoleName(self.Role)} takes no connection with a {GetRoleName(peer.Role)}.");
        if (!certificates.AllowsRole(peer.Role))
            return new LinkRefusal(LinkRefusalCode.Role, $"the certificate of {peer.Address} is not for the role '{GetRoleName(peer.Role)}'.");
        if (self.Coordinators.Contains(peer.Address) ? peer.Role != LinkRole.Coordinator : peer.Role == LinkRole.Coordinator && self.Role == LinkRole.Coordinator)
            return new LinkRefusal(LinkRefusalCode.Address, $"{peer.Address} is not the address of a {GetRoleName(peer.Role)} of this cluster.");
        return peer.Key == GetOwnKeyKind(peer.Role) ? null : new LinkRefusal(LinkRefusalCode.Key, LinkKeyTexts.DescribeDifferentKinds(GetOwnKeyKind(peer.Role), peer.Key));
    }

    /// <summary>The kind of key that is used with a role.</summary>
    protected LinkKeyKind GetOwnKeyKind(LinkRole peer) => FindKey(peer) switch
    {
        null => LinkKeyKind.None,
        { IsUserKey: true } => LinkKeyKind.User,
        _ => LinkKeyKind.Configured,
    };

    /// <summary>The key that proves this program and a peer to each other; null for none.</summary>
    protected AccessKey? FindKey(LinkRole peer) => self.Keys.GetKeyFor(self.Role, peer);

    /// <summary>Refuses the peer, and tells it why.</summary>
    protected static LinkStep CreateRefusal(LinkRefusal refusal) => new(LinkFrame.EncodeRefusal(refusal.Code, refusal.Reason), Refusal: refusal);

    /// <summary>The bytes are no frame that is expected now: nothing is answered.</summary>
    protected static LinkStep Malformed => new(Refusal: new LinkRefusal(LinkRefusalCode.Malformed, "the peer sent something else than a handshake."));

    /// <summary>A role's name in messages.</summary>
    protected static string GetRoleName(LinkRole role) => role.ToString().ToLowerInvariant();
}
