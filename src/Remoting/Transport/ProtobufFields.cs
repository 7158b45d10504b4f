using System.Buffers.Binary;

namespace Actors.Remoting.Transport;

/// <summary>
/// Reads the fields of a Protobuf message one by one, without copying. It accepts less than Protobuf permits: no groups, no truncated
/// fields, and no lengths beyond the message.
/// </summary>
/// <param name="bytes">The message.</param>
internal ref struct ProtobufFields(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of the field that was read.</summary>
    public int Number { get; private set; }

    /// <summary>The bytes of the field if it is a message, a text or bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of the field if it is a number.</summary>
    public ulong Value { get; private set; }

    /// <summary>Whether the field is a message, a text or bytes.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>Whether a field could not be read.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end, and for malformed bytes.</returns>
    public bool ReadNext()
    {
        if (_rest.IsEmpty)
            return false;
        IsMalformed = true;
        if (!TryReadVarint(out var tag) || tag >> 3 is 0 or > int.MaxValue)
            return false;
        Number = (int)(tag >> 3);
        Bytes = default;
        Value = 0;
        IsBytes = (tag & 7) == 2;
        IsMalformed = !((tag & 7) switch
        {
            0 => TryReadVarint(out var value) && SetContent(value),
            1 => TryReadBytes(8, out var eight) && SetContent(BinaryPrimitives.ReadUInt64LittleEndian(eight)),
            2 => TryReadVarint(out var length) && length <= (ulong)_rest.Length
                && TryReadBytes((int)length, out var content) && SetContent(content),
            5 => TryReadBytes(4, out var four) && SetContent(BinaryPrimitives.ReadUInt32LittleEndian(four)),
            _ => false,
        });
        return !IsMalformed;
    }

    private bool SetContent(ulong value)
    {
        Value = value;
        return true;
    }

    private bool SetContent(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        return true;
    }

    private bool TryReadBytes(int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_rest.Length < length)
            return false;
        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
