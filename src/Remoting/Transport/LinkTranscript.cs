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
    public byte[] ProofOfAcceptor() => Prove("actors link 1 acceptor"u8, []);

    /// <summary>The initiator's proof, over its random number too.</summary>
    public byte[] ProofOfInitiator(ReadOnlySpan<byte> instance) => Prove("actors link 1 initiator"u8, instance);

    /// <summary>The acceptor's confirmation, over its random number.</summary>
    public byte[] Confirmation(ReadOnlySpan<byte> instance) => Prove("actors link 1 accepted"u8, instance);

    private byte[] Prove(ReadOnlySpan<byte> label, ReadOnlySpan<byte> instance)
    {
        using var hash = key?.NewHmac() ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, new byte[32]);
        Append(hash, label);
        Append(hash, hello);
        Append(hash, introduction);
        Append(hash, initiatorCertificate);
        Append(hash, acceptorCertificate);
        Append(hash, instance);
        return hash.GetHashAndReset();
    }

    /// <summary>With its length: no two different lists of parts give the same bytes.</summary>
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
