using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>The consequences of a handshake frame.</summary>
/// <param name="Send">The frame to send; null for none.</param>
/// <param name="Peer">The proven peer if the handshake has completed.</param>
/// <param name="Refusal">The reason to close the connection after <paramref name="Send"/>; null for none.</param>
public readonly record struct LinkStep(byte[]? Send = null, LinkPeer? Peer = null, LinkRefusal? Refusal = null);

/// <summary>One side of the handshake of a connection:
/// <code>
/// Hello    (role, address, target address, nonce)         ─▶
///                                                         ◀─  Reply    (role, address, nonce, proof)
/// Proof    (instance, proof)                              ─▶
///                                                         ◀─  Accepted (instance, confirmation) | Refused
/// </code>
/// It has no connection, clock or randomness except its nonce. A step with a peer or a refusal ends it.
/// </summary>
public abstract class LinkHandshake(LinkParty self)
{
    /// <summary>The identity of this program.</summary>
    protected LinkParty Self => self;

    /// <summary>Creates the first frame; null for the side that accepts.</summary>
    public abstract byte[]? CreateFirstFrame();

    /// <summary>Processes a frame of the peer.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="certificates">The certificates of the connection, as this side sees them.</param>
    public abstract LinkStep ProcessFrame(ReadOnlySpan<byte> frame, LinkCertificates certificates);

    /// <summary>Finds the reason to refuse a peer independently of its proof; null for none.</summary>
    protected LinkRefusal? FindRefusal(LinkIntroduction peer, LinkCertificates certificates)
    {
        if (!LinkRoles.MayConnect(self.Role, peer.Role))
        {
            return new LinkRefusal(
                LinkRefusalCode.Role, $"a {GetRoleName(self.Role)} accepts no connection with a {GetRoleName(peer.Role)}.");
        }

        if (!certificates.AllowsRole(peer.Role))
        {
            return new LinkRefusal(
                LinkRefusalCode.Role, $"the certificate of {peer.Address} is not for the role '{GetRoleName(peer.Role)}'.");
        }

        var isCoordinator = peer.Role == LinkRole.Coordinator;
        if (self.Coordinators.Contains(peer.Address) ? !isCoordinator : isCoordinator && self.Role == LinkRole.Coordinator)
        {
            return new LinkRefusal(
                LinkRefusalCode.Address, $"{peer.Address} is not the address of a {GetRoleName(peer.Role)} of this cluster.");
        }

        var own = GetOwnKeyKind(peer.Role);
        // Without a key, anybody could be an operator.
        if (LinkRoles.IncludesOperator(self.Role, peer.Role) && (own != peer.Key || own == LinkKeyKind.None))
        {
            var isOwnMissing = own == LinkKeyKind.None || peer.Key == LinkKeyKind.Configured;
            return new LinkRefusal(LinkRefusalCode.Key, LinkKeyTexts.DescribeMissingOperatorKey(isOwnMissing, self.Role));
        }

        return peer.Key == own ? null : new LinkRefusal(LinkRefusalCode.Key, LinkKeyTexts.DescribeDifferentKinds(own, peer.Key));
    }

    /// <summary>Gets the kind of the key that this program uses with a role.</summary>
    protected LinkKeyKind GetOwnKeyKind(LinkRole peer) => FindKey(peer) switch
    {
        null => LinkKeyKind.None,
        { IsUserKey: true } => LinkKeyKind.User,
        _ => LinkKeyKind.Configured,
    };

    /// <summary>Gets the key that this program and a peer prove to each other; null for none.</summary>
    protected AccessKey? FindKey(LinkRole peer) => self.Keys.GetKeyFor(self.Role, peer);

    /// <summary>Creates a step that refuses the peer and tells it the reason.</summary>
    protected static LinkStep CreateRefusal(LinkRefusal refusal) =>
        new(LinkFrame.EncodeRefusal(refusal.Code, refusal.Reason), Refusal: refusal);

    /// <summary>A step that closes the connection without an answer, because the bytes are not an expected frame.</summary>
    protected static LinkStep Malformed => new(Refusal: new LinkRefusal(LinkRefusalCode.Malformed, "the peer did not send a handshake."));

    /// <summary>Gets the name of a role for messages.</summary>
    protected static string GetRoleName(LinkRole role) => role.ToString().ToLowerInvariant();
}
