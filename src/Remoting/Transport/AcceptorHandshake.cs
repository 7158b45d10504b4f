using System.Security.Cryptography;

namespace Actors.Remoting.Transport;

/// <summary>The side that was connected to.</summary>
/// <param name="self">This program.</param>
/// <param name="nonce">Fresh random bytes.</param>
internal sealed class AcceptorHandshake(LinkParty self, byte[] nonce) : LinkHandshake(self)
{
    private LinkIntroduction? _initiator;
    private LinkTranscript? _transcript;

    /// <inheritdoc/>
    public override byte[]? Begin() => null;

    /// <inheritdoc/>
    public override LinkStep Receive(ReadOnlySpan<byte> frame, LinkCertificates certificates)
    {
        if (LinkFrame.TryReadHeader(frame) is not { } header)
            return Malformed;
        if (header.Version != LinkFrame.Version)
            return Refuse(new LinkRefusal(LinkRefusalCode.Version, $"its handshake is {LinkFrame.Version}, that of this program {header.Version}."));
        return (header.Kind, _initiator) switch
        {
            (LinkFrameKind.Hello, null) => OnHello(frame, certificates),
            (LinkFrameKind.Proof, { } initiator) => OnProof(frame, initiator),
            _ => Malformed,
        };
    }

    private LinkStep OnHello(ReadOnlySpan<byte> frame, LinkCertificates certificates)
    {
        if (LinkFrame.TryReadIntroduction(frame, hasTarget: true, out var length) is not { } initiator || length != frame.Length)
            return Malformed;
        if (initiator.Target != Self.Address)
            return Refuse(new LinkRefusal(LinkRefusalCode.Address, $"it was contacted as {initiator.Target}, but its address is {Self.Address}: connect to that."));
        if (initiator.Address == Self.Address)
            return Refuse(new LinkRefusal(LinkRefusalCode.Address, $"{Self.Address} is its own address."));
        // The reply goes out even when the kinds of keys differ: the initiator explains it to its user.
        var refusal = Check(initiator, certificates);
        if (refusal is not null && refusal.Code != LinkRefusalCode.Key)
            return Refuse(refusal);
        var introduction = LinkFrame.Introduce(LinkFrameKind.Reply, new LinkIntroduction(Self.Role, OwnKind(initiator.Role), Self.Address, null, nonce));
        _transcript = new LinkTranscript(KeyFor(initiator.Role), frame.ToArray(), introduction, certificates.Peer, certificates.Own);
        _initiator = initiator;
        return new LinkStep([.. introduction, LinkFrame.ProofLength, .. _transcript.ProofOfAcceptor()]);
    }

    private LinkStep OnProof(ReadOnlySpan<byte> frame, LinkIntroduction initiator)
    {
        if (LinkFrame.TryReadParts(frame, LinkFrame.InstanceLength, LinkFrame.ProofLength) is not [var instance, var proof])
            return Malformed;
        if (initiator.Key != OwnKind(initiator.Role) || !CryptographicOperations.FixedTimeEquals(proof, _transcript!.ProofOfInitiator(instance)))
            return Refuse(new LinkRefusal(LinkRefusalCode.Key, "the key is wrong."));
        return new LinkStep(
            LinkFrame.Of(LinkFrameKind.Accepted, Self.Instance.ToArray(), _transcript!.Confirmation(Self.Instance.Span)),
            new LinkPeer(initiator.Role, initiator.Address, instance));
    }
}
