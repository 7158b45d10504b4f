using System.Security.Cryptography;
using Actors.Messages.Collections;

namespace Actors.Messages;

/// <summary>Creates ids that cannot be guessed. Knowledge of such an id proves that it was received.</summary>
public static class RandomId
{
    private const int Bytes = 16;

    /// <summary>Creates an id of 128 random bits.</summary>
    public static Guid New() => new(RandomNumberGenerator.GetBytes(Bytes));
}

/// <summary>Identifies a pool.</summary>
public readonly record struct PoolId(Guid Value)
{
    /// <summary>Creates a random id.</summary>
    public static PoolId New() => new(RandomId.New());

    /// <summary>Gets the id of a durable pool. The same name gives the same id.</summary>
    public static PoolId FromName(string name) =>
        new(new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)));

    /// <summary>Parses the text that <see cref="ToString"/> returns; null if it is malformed.</summary>
    public static PoolId? TryParse(string text) => Guid.TryParseExact(text, "N", out var value) ? new PoolId(value) : null;

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>Identifies the use of a durable pool by one program, from its opening to its end, also at several coordinators.</summary>
public readonly record struct SessionId(Guid Value)
{
    /// <summary>Creates a random id.</summary>
    public static SessionId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>
/// Identifies a job within its pool. The client counts its jobs from 1. In a durable pool each session counts within its own range; see
/// <see cref="Pools.SessionRange"/>.
/// </summary>
public readonly record struct JobId(long Value)
{
    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Identifies a worker node from one join to the next. A node that joins again has another id.</summary>
public readonly record struct NodeId(Guid Value)
{
    /// <summary>Creates a random id.</summary>
    public static NodeId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>Identifies a worker process. Its replacement has another id.</summary>
public readonly record struct ExecutorId(Guid Value)
{
    /// <summary>Creates a random id.</summary>
    public static ExecutorId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>
/// Identifies a managed object. The id contains the number of its coordinator, or of its store if it is durable. The id of a durable object
/// follows from its name.
/// </summary>
public readonly record struct ObjectId(Guid Value)
{
    private const int NumberOffset = 12;
    private const int DurableVersion = 8;

    /// <summary>Whether the object is durable. Ids of durable objects are UUIDs of version 8 (RFC 9562), others of version 4.</summary>
    public bool IsDurable => Value.Version == DurableVersion;

    /// <summary>The number of a program's own store, for a durable object; 0 for the store of the coordinators.</summary>
    public uint StoreNumber => OwnerNumber;

    /// <summary>The number of the owning coordinator, for an object that is not durable; 0 within one program.</summary>
    public uint CoordinatorNumber => IsDurable ? 0 : OwnerNumber;

    private uint OwnerNumber
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes);
            return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[NumberOffset..]);
        }
    }

    /// <summary>Creates a random id.</summary>
    /// <param name="coordinator">The number of the coordinator that owns the object.</param>
    public static ObjectId New(uint coordinator = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[NumberOffset..], coordinator);
        return new(new Guid(bytes));
    }

    /// <summary>Gets the id of a durable object. The same name and store give the same id.</summary>
    /// <param name="name">The name of the object.</param>
    /// <param name="store">The number of its store; 0 for the store of the coordinators.</param>
    public static ObjectId FromDurableName(string name, uint store)
    {
        var bytes = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[7] = (byte)((bytes[7] & 0x0F) | (DurableVersion << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[NumberOffset..], store);
        return new(new Guid(bytes));
    }

    /// <summary>Gets the number of a program's own store.</summary>
    /// <param name="store">The name of the store.</param>
    public static uint GetStoreNumber(string store) => Math.Max(1, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(store))));

    /// <summary>
    /// Gets the id without the number of the store. Stores use this id, so that the object is found after the store was moved.
    /// </summary>
    public ObjectId WithoutStoreNumber()
    {
        Span<byte> bytes = stackalloc byte[16];
        Value.TryWriteBytes(bytes);
        bytes[NumberOffset..].Clear();
        return new(new Guid(bytes));
    }

    /// <summary>
    /// Gets an id for lists. A program that knows the id of an object can use the object, so a list must not show it. The id cannot be
    /// computed from the listed one.
    /// </summary>
    public ObjectId ToListedId() => new(new Guid(SHA256.HashData(Value.ToByteArray()).AsSpan(0, 16)));

    /// <summary>Parses the text that <see cref="ToString"/> returns; null if it is malformed.</summary>
    public static ObjectId? TryParse(string text) => Guid.TryParseExact(text, "N", out var value) ? new ObjectId(value) : null;

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>Identifies a process that calls durable objects, through any coordinator.</summary>
public readonly record struct CallerId(Guid Value)
{
    /// <summary>Creates a random id.</summary>
    public static CallerId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>
/// Identifies a code bundle by the SHA-256 of its manifest. <see cref="ThisProcess"/> stands for the code of the process itself.
/// </summary>
public readonly record struct BundleId(UInt128 High, UInt128 Low)
{
    /// <summary>The code of the process that embeds the coordinator. It is not transferred.</summary>
    public static BundleId ThisProcess => default;

    /// <summary>Creates the id from the 32 bytes of a SHA-256.</summary>
    public static BundleId FromHash(ReadOnlySpan<byte> sha256) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256[16..]));

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Compute(this);

    /// <summary>The hash in hexadecimal digits, which is a valid file name.</summary>
    public override string ToString() => $"{High:x32}{Low:x32}";
}
