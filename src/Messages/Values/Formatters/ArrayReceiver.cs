namespace Actors.Messages.Values;

/// <summary>
/// Receives an array whose items are copied as one block. The bytes go directly into the array, so that a large array is not in memory
/// twice.
/// </summary>
/// <param name="length">The number of bytes of the encoded array.</param>
public sealed class ArrayReceiver<T>(int length) : ValueReceiver<T[]?>
{
    /// <summary>The most bytes of the number of items.</summary>
    private const int LongestHead = 9;

    private readonly byte[] _head = new byte[LongestHead];
    private int _headLength;
    private int _received;
    private T[]? _items;
    private bool _isMalformed;

    /// <inheritdoc/>
    public override int Length => length;

    /// <inheritdoc/>
    public override void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        while (_items is null && !_isMalformed && !bytes.IsEmpty)
        {
            _head[_headLength++] = bytes[0];
            bytes = bytes[1..];
            if (_head[_headLength - 1] < 0x80 || _headLength == LongestHead)
                AllocateItems();
        }

        if (_items is null)
            return;
        var free = Items.AsWritableBytes(_items)[_received..];
        _isMalformed |= bytes.Length > free.Length;
        if (_isMalformed)
            return;
        bytes.CopyTo(free);
        _received += bytes.Length;
    }

    /// <inheritdoc/>
    public override T[]? GetValue() => _items is not null && !_isMalformed && _headLength + _received == length
        ? _items
        : throw new InvalidDataException($"The bytes are not a {TypeNames.GetFullName(typeof(T[]))}.");

    /// <summary>Allocates the array. Its length is announced twice: by the number of items, and by the number of bytes.</summary>
    private void AllocateItems()
    {
        _isMalformed = !Items.TryReadCount<T>(_head.AsSpan(0, _headLength), length - _headLength, out var count);
        if (!_isMalformed)
            _items = GC.AllocateUninitializedArray<T>(count);
    }
}
