namespace Actors.Messages;

/// <summary>A pool, for as long as any cluster lives.</summary>
public readonly record struct PoolId(Guid Value)
{
    /// <summary>A pool id that nobody else has.</summary>
    public static PoolId New() => new(Guid.NewGuid());

    /// <summary>The durable pool of this name, always the same.</summary>
    public static PoolId Named(string name) =>
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
    public static NodeId New() => new(Guid.NewGuid());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>One executor process: its replacement has another.</summary>
public readonly record struct ExecutorId(Guid Value)
{
    /// <summary>An executor id that nobody else has.</summary>
    public static ExecutorId New() => new(Guid.NewGuid());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A managed object: a queue, a lock.</summary>
public readonly record struct ObjectId(Guid Value)
{
    /// <summary>An object id that nobody else has.</summary>
    public static ObjectId New() => new(Guid.NewGuid());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A code bundle, named by the SHA-256 of its manifest; <see cref="OfThisProcess"/> is the code that already lies here.</summary>
public readonly record struct BundleId(UInt128 High, UInt128 Low)
{
    /// <summary>The code of the process that embeds the coordinator: nothing has to travel.</summary>
    public static BundleId OfThisProcess => default;

    /// <summary>The id from the 32 bytes of a SHA-256.</summary>
    public static BundleId FromHash(ReadOnlySpan<byte> sha256) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256[16..]));

    /// <summary>The hash in hexadecimal: safe as a file name.</summary>
    public override string ToString() => $"{High:x32}{Low:x32}";
}
