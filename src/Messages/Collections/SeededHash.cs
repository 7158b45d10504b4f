using System.Runtime.InteropServices;

namespace Actors.Messages.Collections;

/// <summary>
/// Computes hash codes of data that another process chooses. They depend on a secret of this process, as those of strings do. The default
/// hash codes of numbers and <see cref="Guid"/> do not: a peer could choose a million ids with one hash code, so that each lookup in a
/// dictionary takes as many steps. <see cref="HashCode.Combine{T1}(T1)"/> does not help, because it starts from these hash codes.
/// </summary>
public static class SeededHash
{
    /// <summary>Computes the hash code of a value without padding.</summary>
    public static int Compute<T>(T value)
        where T : unmanaged => ComputeBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Computes the hash code of bytes.</summary>
    public static int ComputeBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes));
        return bytes.Length % sizeof(char) == 0 ? hash : HashCode.Combine(hash, bytes[^1]);
    }
}

/// <summary>Compares numbers that another process chooses.</summary>
/// <typeparam name="T">The type of the numbers; it has no padding.</typeparam>
public sealed class SeededComparer<T> : IEqualityComparer<T>
    where T : unmanaged, IEquatable<T>
{
    /// <summary>The only instance; it has no state.</summary>
    public static SeededComparer<T> Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(T x, T y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(T obj) => SeededHash.Compute(obj);
}

/// <summary>Compares calls by their owner, and by a number that another process chooses.</summary>
/// <typeparam name="TOwner">The type of the owner, such as the caller.</typeparam>
public sealed class SeededCallComparer<TOwner> : IEqualityComparer<(TOwner Owner, long Call)>
    where TOwner : notnull
{
    /// <summary>The only instance; it has no state.</summary>
    public static SeededCallComparer<TOwner> Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals((TOwner Owner, long Call) x, (TOwner Owner, long Call) y) =>
        x.Call == y.Call && EqualityComparer<TOwner>.Default.Equals(x.Owner, y.Owner);

    /// <inheritdoc/>
    public int GetHashCode((TOwner Owner, long Call) obj) => HashCode.Combine(obj.Owner, SeededHash.Compute(obj.Call));
}
