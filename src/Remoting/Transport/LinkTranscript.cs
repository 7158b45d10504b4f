using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>
/// The content that both sides of a connection prove: all frames that they exchanged, and their certificates. Each proof includes its
/// direction, so that it cannot be reflected.
/// </summary>
/// <param name="key">The shared key; null for none. A proof without a key shows only that both sides saw the same certificates.</param>
/// <param name="hello">The initiator's first frame.</param>
/// <param name="introduction">The acceptor's introduction, without its proof.</param>
/// <param name="initiatorCertificate">The hash of the initiator's certificate.</param>
/// <param name="acceptorCertificate">The hash of the acceptor's certificate.</param>
public sealed class LinkTranscript(
    AccessKey? key, byte[] hello, byte[] introduction, byte[] initiatorCertificate, byte[] acceptorCertificate)
{
    /// <summary>Computes the proof of the acceptor.</summary>
    public byte[] ComputeAcceptorProof() => ComputeProof("actors link 1 acceptor"u8, []);

    /// <summary>Computes the proof of the initiator, which includes its random number.</summary>
    public byte[] ComputeInitiatorProof(ReadOnlySpan<byte> instance) => ComputeProof("actors link 1 initiator"u8, instance);

    /// <summary>Computes the confirmation of the acceptor, which includes its random number.</summary>
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

    /// <summary>Appends a part with its length, so that different lists of parts give different bytes.</summary>
    private static void AppendPart(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
