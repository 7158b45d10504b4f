using System.Buffers.Binary;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Payloads;

namespace Actors.Remoting.Data;

/// <summary>The kinds of content on a data connection. The numbers are part of the protocol.</summary>
public enum DataKind : byte
{
    /// <summary>A large argument or result.</summary>
    Payload = 1,

    /// <summary>A file of a code bundle.</summary>
    Code = 2,
}

/// <summary>Identifies a content on the data channel.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="High">The upper half of the id.</param>
/// <param name="Low">The lower half of the id.</param>
public readonly record struct DataKey(DataKind Kind, UInt128 High, UInt128 Low)
{
    /// <summary>The number of bytes that a key takes in a request.</summary>
    public const int EncodedLength = 33;

    /// <summary>Gets the key of a payload.</summary>
    public static DataKey ForPayload(PayloadId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes);
        return new DataKey(DataKind.Payload, 0, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Gets the key of a file of a code bundle, which is its hash.</summary>
    public static DataKey ForCode(BundleId content) => new(DataKind.Code, content.High, content.Low);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, SeededHash.Compute(High), SeededHash.Compute(Low));

    /// <summary>Writes the key to a request.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt128BigEndian(bytes[1..], High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[17..], Low);
    }

    /// <summary>Reads a key from a request; null for an unknown kind.</summary>
    public static DataKey? TryRead(ReadOnlySpan<byte> bytes) => Enum.IsDefined((DataKind)bytes[0])
        ? new DataKey(
            (DataKind)bytes[0], BinaryPrimitives.ReadUInt128BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt128BigEndian(bytes[17..]))
        : null;
}
