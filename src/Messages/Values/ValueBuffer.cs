using System.Buffers;

namespace Actors.Messages.Values;

/// <summary>
/// A buffer for one value. A small result is copied and the buffer reused; a large result keeps the buffer's array, so that it is copied
/// only once.
/// </summary>
public sealed class ValueBuffer : IBufferWriter<byte>
{
    private const int SmallBytes = 4096;

    [ThreadStatic]
    private static ValueBuffer? _spare;

    private byte[] _bytes = new byte[SmallBytes];
    private int _written;

    /// <summary>Gets an empty buffer. <see cref="DetachBytes"/> returns it. After an exception it may be dropped.</summary>
    public static ValueBuffer RentBuffer()
    {
        var buffer = _spare ?? new ValueBuffer();
        _spare = null;
        return buffer;
    }

    /// <summary>Gets the written data. The buffer must not be used afterwards.</summary>
    public ReadOnlyMemory<byte> DetachBytes()
    {
        if (_bytes.Length > SmallBytes)
        {
            return _bytes.AsMemory(0, _written);
        }

        var result = _bytes.AsSpan(0, _written).ToArray();
        _written = 0;
        _spare = this;
        return result;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _written += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureCapacity(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureCapacity(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_written);
    }

    private void EnsureCapacity(int count)
    {
        if (_bytes.Length - _written >= count)
        {
            return;
        }

        var needed = (long)_written + count;
        if (needed > Array.MaxLength)
        {
            throw new NotCarriedException("The values are larger than 2 GiB together; pass them in parts, or the path of a file.");
        }

        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
        _bytes.AsSpan(0, _written).CopyTo(larger);
        _bytes = larger;
    }
}
