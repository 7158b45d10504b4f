using System.Runtime.InteropServices;

namespace Actors;

public sealed partial class ManagedArray<T>
{
    /// <summary>Reads an element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public async Task<T> GetAsync(int index, CancellationToken cancellationToken = default) =>
        (await ReadAsync(index, 1, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Replaces an element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public Task SetAsync(int index, T element, CancellationToken cancellationToken = default) =>
        WriteAsync(index, [element], cancellationToken);

    /// <summary>Reads a range of elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range extends beyond the end.</exception>
    public async Task<T[]> ReadAsync(int start, int count, CancellationToken cancellationToken = default)
    {
        var bytes = await Store.ReadBytesAsync(
            GetOffset(start, count), checked(count * ElementSize), cancellationToken).ConfigureAwait(false);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    /// <inheritdoc cref="Write"/>
    public async Task WriteAsync(int start, T[] elements, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(elements);
        await Store.WriteBytesAsync(
            GetOffset(start, elements.Length), MemoryMarshal.AsBytes(elements.AsSpan()).ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ToArray"/>
    public Task<T[]> ToArrayAsync(CancellationToken cancellationToken = default) => ReadAsync(0, Length, cancellationToken);

    /// <summary>Changes an element while holding the <see cref="Lock"/>.</summary>
    /// <returns>The new value of the element.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public async Task<T> UpdateAsync(int index, Func<T, T> change, CancellationToken cancellationToken = default)
    {
        await using var hold = await Lock.AcquireAsync(null, cancellationToken).ConfigureAwait(false);
        var element = change(await GetAsync(index, cancellationToken).ConfigureAwait(false));
        await SetAsync(index, element, cancellationToken).ConfigureAwait(false);
        return element;
    }
}
