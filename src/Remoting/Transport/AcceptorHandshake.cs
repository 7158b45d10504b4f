using System.Security.Cryptography;

namespace Actors.Remoting.Transport;

/// <summary>The handshake of the side that accepts a connection.</summary>
/// <param name="self">The identity of this program.</param>
/// <param name="nonce">Fresh random bytes.</param>
public sealed class AcceptorHandshake(LinkParty self, byte[] nonce) : LinkHandshake(self)
{
    private LinkIntroduction? _initiator;
    private LinkTranscript? _transcript;

    /// <inheritdoc/>
    public override byte[]? CreateFirstFrame() => null;

    /// <inheritdoc/>
    public override LinkStep ProcessFrame(ReadOnlySpan<byte> frame, LinkCertificates certificates)
    {
        if (LinkFrame.TryReadHeader(frame) is not { } header)
            return Malformed;
        if (header.Version != LinkFrame.Version)
        {
            return CreateRefusal(new LinkRefusal(
                LinkRefusalCode.Version,
                $"its handshake has version {LinkFrame.Version}, that of this program has version {header.Version}."));
        }

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
        {
            return CreateRefusal(new LinkRefusal(
                LinkRefusalCode.Address, $"it was contacted as {initiator.Target}, but its address is {Self.Address}: connect to that."));
        }

        if (initiator.Address == Self.Address)
            return CreateRefusal(new LinkRefusal(LinkRefusalCode.Address, $"{Self.Address} is its own address."));
        // The reply is sent even if the kinds of keys differ, so that the initiator can explain the difference to its user.
        var refusal = FindRefusal(initiator, certificates);
        if (refusal is not null && refusal.Code != LinkRefusalCode.Key)
            return CreateRefusal(refusal);
        var introduction = LinkFrame.EncodeIntroduction(
            LinkFrameKind.Reply, new LinkIntroduction(Self.Role, GetOwnKeyKind(initiator.Role), Self.Address, null, nonce));
        _transcript = new LinkTranscript(FindKey(initiator.Role), frame.ToArray(), introduction, certificates.Peer, certificates.Own);
        _initiator = initiator;
        return new LinkStep([.. introduction, LinkFrame.ProofLength, .. _transcript.ComputeAcceptorProof()]);
    }

    private LinkStep OnProof(ReadOnlySpan<byte> frame, LinkIntroduction initiator)
    {
        if (LinkFrame.TryReadParts(frame, LinkFrame.InstanceLength, LinkFrame.ProofLength) is not [var instance, var proof])
            return Malformed;
        if (initiator.Key != GetOwnKeyKind(initiator.Role)
            || !CryptographicOperations.FixedTimeEquals(proof, _transcript!.ComputeInitiatorProof(instance)))
            return CreateRefusal(new LinkRefusal(LinkRefusalCode.Key, "the key is wrong."));
        return new LinkStep(
            LinkFrame.EncodeParts(LinkFrameKind.Accepted, Self.Instance.ToArray(), _transcript!.ComputeConfirmation(Self.Instance.Span)),
            new LinkPeer(initiator.Role, initiator.Address, instance));
    }
}
