using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>
/// What both sides of a connection prove: everything that they said to each other, and the certificates that they showed. Each proof also names its direction,
/// so that none can be reflected.
/// </summary>
/// <param name="key">The common key; null when nobody has one, which proves only that both saw the same certificates.</param>
/// <param name="hello">The initiator's first frame.</param>
/// <param name="introduction">The acceptor's introduction, without its proof.</param>
/// <param name="initiatorCertificate">The hash of the initiator's certificate.</param>
/// <param name="acceptorCertificate">The hash of the acceptor's certificate.</param>
internal sealed class LinkTranscript(AccessKey? key, byte[] hello, byte[] introduction, byte[] initiatorCertificate, byte[] acceptorCertificate)
{
    /// <summary>The acceptor's proof.</summary>
    public byte[] ComputeAcceptorProof() => ComputeProof("actors link 1 acceptor"u8, []);

    /// <summary>The initiator's proof, over its random number too.</summary>
    public byte[] ComputeInitiatorProof(ReadOnlySpan<byte> instance) => ComputeProof("actors link 1 initiator"u8, instance);

    /// <summary>The acceptor's confirmation, over its random number.</summary>
    public byte[] ComputeConfirmation(ReadOnlySpan<byte> instance) => ComputeProof("actors link 1 accepted"u8, instance);

    private byte[] ComputeProof(ReadOnlySpan<byte> label, ReadOnlySpan<byte> instance)
    {
        using var hash = key?.CreateHmac() ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, new byte[32]);
        AppendPart(hash, label);
        AppendPart(hash, hello);
        AppendPart(hash, introduction);
        AppendPart(hash, initiatorCertificate);
        AppendPart(hash, acceptorCertificate);
        AppendPart(hash, instance);
        return hash.GetHashAndReset();
    }

    /// <summary>With its length: no two different lists of parts give the same bytes.</summary>
    private static void AppendPart(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
