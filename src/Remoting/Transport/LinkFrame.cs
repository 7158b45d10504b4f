using System.Buffers.Binary;
using System.Text;

namespace Actors.Remoting.Transport;

/// <summary>The kinds of handshake frames. The numbers are part of the protocol.</summary>
public enum LinkFrameKind : byte
{
    /// <summary>The initiator's introduction.</summary>
    Hello = 1,

    /// <summary>The acceptor's introduction and proof.</summary>
    Reply = 2,

    /// <summary>The initiator's proof.</summary>
    Proof = 3,

    /// <summary>The acceptor has verified the proof: messages may follow.</summary>
    Accepted = 4,

    /// <summary>The acceptor closes the connection, and gives a reason.</summary>
    Refused = 5,
}

/// <summary>The introduction of one side of a connection, before the proof.</summary>
/// <param name="Role">The role of the sender.</param>
/// <param name="Key">The kind of its key.</param>
/// <param name="Address">The address of the sender.</param>
/// <param name="Target">The address that the initiator wants to reach; null in a reply.</param>
/// <param name="Nonce">Fresh random bytes.</param>
public sealed record LinkIntroduction(LinkRole Role, LinkKeyKind Key, HostPort Address, HostPort? Target, ReadOnlyMemory<byte> Nonce);

/// <summary>
/// Encodes and decodes handshake frames. Each frame begins with four fixed bytes, the version and its kind. Texts and byte strings have a
/// length of one byte. A frame that is longer or shorter than its contents is refused.
/// </summary>
public static class LinkFrame
{
    /// <summary>The version of the handshake.</summary>
    public const byte Version = 1;

    /// <summary>The length of the longest frame.</summary>
    public const int MaxLength = 1024;

    /// <summary>The length of a nonce.</summary>
    public const int NonceLength = 32;

    /// <summary>The length of a proof.</summary>
    public const int ProofLength = 32;

    /// <summary>The length of the random number that identifies a program.</summary>
    public const int InstanceLength = 16;

    private const int HeaderLength = 6;

    private static ReadOnlySpan<byte> Magic => "ACTR"u8;

    /// <summary>Encodes an introduction. In a reply, a proof follows it.</summary>
    public static byte[] EncodeIntroduction(LinkFrameKind kind, LinkIntroduction introduction)
    {
        var writer = new MemoryStream();
        WriteHeader(writer, kind);
        writer.WriteByte((byte)introduction.Role);
        writer.WriteByte((byte)introduction.Key);
        WriteAddress(writer, introduction.Address);
        if (introduction.Target is { } target)
            WriteAddress(writer, target);
        WriteBytes(writer, introduction.Nonce.Span);
        return writer.ToArray();
    }

    /// <summary>Encodes a frame of byte strings.</summary>
    public static byte[] EncodeParts(LinkFrameKind kind, params ReadOnlySpan<byte[]> parts)
    {
        var writer = new MemoryStream();
        WriteHeader(writer, kind);
        foreach (var part in parts)
            WriteBytes(writer, part);
        return writer.ToArray();
    }

    /// <summary>Encodes a refusal.</summary>
    public static byte[] EncodeRefusal(LinkRefusalCode code, string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        return EncodeParts(LinkFrameKind.Refused, [(byte)code], text.Length <= byte.MaxValue ? text : text[..byte.MaxValue]);
    }

    /// <summary>Reads the version and kind of a frame; null if it is not a frame.</summary>
    public static (byte Version, LinkFrameKind Kind)? TryReadHeader(ReadOnlySpan<byte> frame) =>
        frame.Length is >= HeaderLength and <= MaxLength && frame[..4].SequenceEqual(Magic) ? (frame[4], (LinkFrameKind)frame[5]) : null;

    /// <summary>Decodes an introduction.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="hasTarget">Whether the frame contains a target address.</param>
    /// <param name="length">The number of bytes that the introduction takes.</param>
    /// <returns>Null for malformed bytes.</returns>
    public static LinkIntroduction? TryReadIntroduction(ReadOnlySpan<byte> frame, bool hasTarget, out int length)
    {
        length = 0;
        var rest = frame[HeaderLength..];
        if (rest.Length < 2 || !Enum.IsDefined((LinkRole)rest[0]) || !Enum.IsDefined((LinkKeyKind)rest[1]))
            return null;
        var (role, key) = ((LinkRole)rest[0], (LinkKeyKind)rest[1]);
        rest = rest[2..];
        HostPort? target = null;
        if (TryReadAddress(ref rest) is not { } address || (hasTarget && (target = TryReadAddress(ref rest)) is null))
            return null;
        if (!TryReadBytes(ref rest, out var nonce) || nonce.Length != NonceLength)
            return null;
        length = frame.Length - rest.Length;
        return new LinkIntroduction(role, key, address, target, nonce.ToArray());
    }

    /// <summary>
    /// Decodes byte strings from an offset; null unless the frame ends after exactly these strings. A length of null matches any.
    /// </summary>
    public static byte[][]? TryReadPartsFrom(int offset, ReadOnlySpan<byte> frame, params ReadOnlySpan<int?> lengths)
    {
        var rest = frame[offset..];
        var parts = new byte[lengths.Length][];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (!TryReadBytes(ref rest, out var part) || (lengths[i] is { } expected && part.Length != expected))
                return null;
            parts[i] = part.ToArray();
        }

        return rest.IsEmpty ? parts : null;
    }

    /// <summary>Decodes byte strings from the end of the header. See <see cref="TryReadPartsFrom"/>.</summary>
    public static byte[][]? TryReadParts(ReadOnlySpan<byte> frame, params ReadOnlySpan<int?> lengths) =>
        TryReadPartsFrom(HeaderLength, frame, lengths);

    private static void WriteHeader(MemoryStream writer, LinkFrameKind kind)
    {
        writer.Write(Magic);
        writer.WriteByte(Version);
        writer.WriteByte((byte)kind);
    }

    private static void WriteAddress(MemoryStream writer, HostPort address)
    {
        WriteBytes(writer, Encoding.UTF8.GetBytes(address.Host));
        Span<byte> port = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, checked((ushort)address.Port));
        writer.Write(port);
    }

    private static void WriteBytes(MemoryStream writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteByte(checked((byte)bytes.Length));
        writer.Write(bytes);
    }

    private static HostPort? TryReadAddress(ref ReadOnlySpan<byte> rest)
    {
        if (!TryReadBytes(ref rest, out var bytes) || rest.Length < 2)
            return null;
        var port = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        var host = Encoding.UTF8.GetString(bytes);
        return HostPort.IsHost(host) ? new HostPort(host, port) : null;
    }

    private static bool TryReadBytes(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (rest.IsEmpty || rest.Length - 1 < rest[0])
            return false;
        bytes = rest.Slice(1, rest[0]);
        rest = rest[(1 + bytes.Length)..];
        return true;
    }
}
