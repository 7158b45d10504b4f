using System.Buffers.Binary;
using MemoryPack;

namespace Actors.Messages.Payloads;

/// <summary>A payload that lies in the coordinator's store.</summary>
public readonly record struct PayloadId(Guid Value)
{
    /// <summary>A payload id that nobody else has.</summary>
    public static PayloadId New() => new(RandomId.New());

    /// <summary>Hexadecimal digits and nothing else: safe as a file name.</summary>
    public override string ToString() => Value.ToString("N");
}

/// <summary>The SHA-256 of a payload.</summary>
public readonly record struct PayloadHash(UInt128 High, UInt128 Low)
{
    /// <summary>The hash of these 32 bytes.</summary>
    public static PayloadHash FromBytes(ReadOnlySpan<byte> sha256) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(sha256), BinaryPrimitives.ReadUInt128BigEndian(sha256[16..]));
}

/// <summary>What a job or an outcome carries in place of a large payload: where it lies, and how it is known to be the same when it has been fetched.</summary>
/// <param name="Id">Its name in the store of the pool's coordinator.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Hash">Of all of them.</param>
[MemoryPackable]
public sealed partial record StoredPayload(PayloadId Id, long Length, PayloadHash Hash);
