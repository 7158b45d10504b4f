using System.Security.Cryptography;

namespace Actors.Messages;

/// <summary>Ids that nobody can guess: who knows one was told it.</summary>
internal static class RandomId
{
    private const int Bytes = 16;

    /// <summary>An id with 128 random bits.</summary>
    public static Guid New() => new(RandomNumberGenerator.GetBytes(Bytes));
}

/// <summary>A pool, for as long as any cluster lives.</summary>
public readonly record struct PoolId(Guid Value)
{
    /// <summary>A pool id that nobody else has.</summary>
    public static PoolId New() => new(RandomId.New());

    /// <summary>The durable pool of this name, always the same.</summary>
    public static PoolId FromName(string name) =>
        new(new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static PoolId? TryParse(string text) => Guid.TryParseExact(text, "N", out var value) ? new PoolId(value) : null;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A job within its pool: the client counts them up from 1.</summary>
public readonly record struct JobId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One incarnation of a worker node: a node that comes back after a loss has a new one.</summary>
public readonly record struct NodeId(Guid Value)
{
    /// <summary>A node id that nobody else has.</summary>
    public static NodeId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>One executor process: its replacement has another.</summary>
public readonly record struct ExecutorId(Guid Value)
{
    /// <summary>An executor id that nobody else has.</summary>
    public static ExecutorId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A managed object: a queue, a lock. Its id says where it is; that of a durable one says that it is one, and follows from its name.</summary>
public readonly record struct ObjectId(Guid Value)
{
    private const int NumberOffset = 12;
    private const int DurableVersion = 8;

    /// <summary>Whether the object outlives its coordinator: such an id is a version 8 of RFC 9562, others are version 4.</summary>
    public bool IsDurable => Value.Version == DurableVersion;

    /// <summary>Of a durable object: the number of the store that a program has of its own; 0 for the coordinators'.</summary>
    public uint StoreNumber => OwnerNumber;

    /// <summary>Of any other: the number of the coordinator that it is at; 0 for one within a program.</summary>
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

    /// <summary>An object id that nobody else has.</summary>
    /// <param name="coordinator">The number of the coordinator that it is to be at.</param>
    public static ObjectId New(uint coordinator = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[NumberOffset..], coordinator);
        return new(new Guid(bytes));
    }

    /// <summary>The durable object of this name, always the same.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="store">The number of its store, 0 for the coordinators'.</param>
    public static ObjectId FromDurableName(string name, uint store)
    {
        var bytes = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[7] = (byte)((bytes[7] & 0x0F) | (DurableVersion << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[NumberOffset..], store);
        return new(new Guid(bytes));
    }

    /// <summary>The number of a program's own store.</summary>
    /// <param name="store">What the store is called.</param>
    public static uint GetStoreNumber(string store) => Math.Max(1, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(store))));

    /// <summary>The same object, wherever its store lies: what is written there is found again when the file was moved.</summary>
    public ObjectId WithoutStoreNumber()
    {
        Span<byte> bytes = stackalloc byte[16];
        Value.TryWriteBytes(bytes);
        bytes[NumberOffset..].Clear();
        return new(new Guid(bytes));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static ObjectId? TryParse(string text) => Guid.TryParseExact(text, "N", out var value) ? new ObjectId(value) : null;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A process that calls durable objects, for as long as it runs: whichever coordinator it calls them through.</summary>
public readonly record struct CallerId(Guid Value)
{
    /// <summary>An id that nobody else has.</summary>
    public static CallerId New() => new(RandomId.New());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A code bundle, named by the SHA-256 of its manifest; <see cref="ThisProcess"/> is the code that already lies here.</summary>
public readonly record struct BundleId(UInt128 High, UInt128 Low)
{
    /// <summary>The code of the process that embeds the coordinator: nothing has to travel.</summary>
    public static BundleId ThisProcess => default;

    /// <summary>The id from the 32 bytes of a SHA-256.</summary>
    public static BundleId FromHash(ReadOnlySpan<byte> sha256) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256[16..]));

    /// <summary>The hash in hexadecimal: safe as a file name.</summary>
    public override string ToString() => $"{High:x32}{Low:x32}";
}
