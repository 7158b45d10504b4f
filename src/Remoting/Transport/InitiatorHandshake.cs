using System.Security.Cryptography;

namespace Actors.Remoting.Transport;

/// <summary>The handshake of the side that opens a connection.</summary>
/// <param name="self">The identity of this program.</param>
/// <param name="target">The address to reach.</param>
/// <param name="nonce">Fresh random bytes.</param>
public sealed class InitiatorHandshake(LinkParty self, HostPort target, byte[] nonce) : LinkHandshake(self)
{
    private byte[] _hello = [];
    private LinkIntroduction? _acceptor;
    private LinkTranscript? _transcript;

    /// <inheritdoc/>
    public override byte[] CreateFirstFrame() => _hello = LinkFrame.EncodeIntroduction(
        LinkFrameKind.Hello, new LinkIntroduction(Self.Role, GetOwnKeyKind(LinkRole.Coordinator), Self.Address, target, nonce));

    /// <inheritdoc/>
    public override LinkStep ProcessFrame(ReadOnlySpan<byte> frame, LinkCertificates certificates)
    {
        if (LinkFrame.TryReadHeader(frame) is not { } header)
            return Malformed;
        if (header.Kind == LinkFrameKind.Refused)
            return OnRefused(frame);
        if (header.Version != LinkFrame.Version)
        {
            return new LinkStep(Refusal: new LinkRefusal(
                LinkRefusalCode.Version,
                $"its handshake has version {header.Version}, that of this program has version {LinkFrame.Version}."));
        }

        return (header.Kind, _acceptor) switch
        {
            (LinkFrameKind.Reply, null) => OnReply(frame, certificates),
            (LinkFrameKind.Accepted, { } acceptor) => OnAccepted(frame, acceptor),
            _ => Malformed,
        };
    }

    private LinkStep OnReply(ReadOnlySpan<byte> frame, LinkCertificates certificates)
    {
        if (LinkFrame.TryReadIntroduction(frame, hasTarget: false, out var length) is not { } acceptor
            || LinkFrame.TryReadPartsFrom(length, frame, LinkFrame.ProofLength) is not [var proof])
            return Malformed;
        if (acceptor.Address != target)
            return new LinkStep(Refusal: new LinkRefusal(LinkRefusalCode.Address, $"{acceptor.Address} answered instead of {target}."));
        if (FindRefusal(acceptor, certificates) is { } refusal)
            return new LinkStep(Refusal: refusal);
        _transcript = new LinkTranscript(FindKey(acceptor.Role), _hello, frame[..length].ToArray(), certificates.Own, certificates.Peer);
        if (!CryptographicOperations.FixedTimeEquals(proof, _transcript.ComputeAcceptorProof()))
            return new LinkStep(Refusal: new LinkRefusal(LinkRefusalCode.Key, LinkKeyTexts.DescribeWrongKey(acceptor.Key)));
        _acceptor = acceptor;
        return new LinkStep(
            LinkFrame.EncodeParts(LinkFrameKind.Proof, Self.Instance.ToArray(), _transcript.ComputeInitiatorProof(Self.Instance.Span)));
    }

    private LinkStep OnAccepted(ReadOnlySpan<byte> frame, LinkIntroduction acceptor)
    {
        if (LinkFrame.TryReadParts(frame, LinkFrame.InstanceLength, LinkFrame.ProofLength) is not [var instance, var confirmation]
            || !CryptographicOperations.FixedTimeEquals(confirmation, _transcript!.ComputeConfirmation(instance)))
            return Malformed;
        return new LinkStep(Peer: new LinkPeer(acceptor.Role, acceptor.Address, instance));
    }

    private static LinkStep OnRefused(ReadOnlySpan<byte> frame)
    {
        if (LinkFrame.TryReadParts(frame, 1, null) is not [[var code], var text] || !Enum.IsDefined((LinkRefusalCode)code))
            return Malformed;
        return new LinkStep(Refusal: new LinkRefusal((LinkRefusalCode)code, PrintableText.FromUtf8(text)));
    }
}
