using System.Buffers.Binary;
using Actors.Messages.Collections;
using MemoryPack;

namespace Actors.Messages.Payloads;

/// <summary>Identifies a payload in the coordinator's store.</summary>
public readonly record struct PayloadId(Guid Value)
{
    /// <summary>Creates a random id.</summary>
    public static PayloadId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <summary>Gets 32 hexadecimal digits, which are a valid file name.</summary>
    public override string ToString() => Value.ToString("N");
}

/// <summary>The XXH128 of a payload.</summary>
/// <param name="High">Always 0. It was a part of an earlier, longer hash, and is stored with jobs.</param>
/// <param name="Low">The hash.</param>
public readonly record struct PayloadHash(UInt128 High, UInt128 Low)
{
    /// <summary>Creates the hash from its 16 bytes.</summary>
    public static PayloadHash FromBytes(ReadOnlySpan<byte> bytes) => new(0, BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(this);
}

/// <summary>The reference of a job or an outcome to a large payload.</summary>
/// <param name="Id">The id in the store of the pool's coordinator.</param>
/// <param name="Length">The length in bytes.</param>
/// <param name="Hash">The hash of the payload.</param>
[MemoryPackable]
public sealed partial record StoredPayload(PayloadId Id, long Length, PayloadHash Hash);
