using System.Buffers.Binary;

namespace Actors.Remoting.Transport;

/// <summary>
/// Reads the fields of a Protobuf message one by one, without copying. It accepts less than Protobuf permits: no groups, no truncated
/// fields, no lengths beyond the message, and numbers and tags only in their shortest form. The reader of Protobuf drops the upper bits of
/// a long tag, and would see another field.
/// </summary>
/// <param name="bytes">The message.</param>
public ref struct ProtobufFields(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of the field that was read.</summary>
    public int Number { get; private set; }

    /// <summary>The bytes of the field if it is a message, a text or bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of the field if it is a number.</summary>
    public ulong Value { get; private set; }

    /// <summary>The encoding of the field. Protobuf ignores a field with another encoding than that of its format.</summary>
    public ProtobufEncoding Encoding { get; private set; }

    /// <summary>Whether the field is a message, a text or bytes.</summary>
    public readonly bool IsBytes => Encoding == ProtobufEncoding.Bytes;

    /// <summary>Whether the field is a number of variable length.</summary>
    public readonly bool IsVarint => Encoding == ProtobufEncoding.Varint;

    /// <summary>Whether the field is a number of eight bytes.</summary>
    public readonly bool IsFixed64 => Encoding == ProtobufEncoding.Fixed64;

    /// <summary>Whether a field could not be read.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end, and for malformed bytes.</returns>
    public bool ReadNext()
    {
        if (_rest.IsEmpty)
            return false;
        IsMalformed = true;
        if (!TryReadVarint(out var tag) || tag > uint.MaxValue || tag >> 3 == 0)
            return false;
        Number = (int)(tag >> 3);
        Bytes = default;
        Value = 0;
        Encoding = (ProtobufEncoding)(tag & 7);
        IsMalformed = !(Encoding switch
        {
            ProtobufEncoding.Varint => TryReadVarint(out var value) && SetContent(value),
            ProtobufEncoding.Fixed64 => TryReadBytes(8, out var eight) && SetContent(BinaryPrimitives.ReadUInt64LittleEndian(eight)),
            ProtobufEncoding.Bytes => TryReadVarint(out var length) && length <= (ulong)_rest.Length
                && TryReadBytes((int)length, out var content) && SetContent(content),
            ProtobufEncoding.Fixed32 => TryReadBytes(4, out var four) && SetContent(BinaryPrimitives.ReadUInt32LittleEndian(four)),
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
            if (_rest[i] >= 0x80)
                continue;
            var isShortest = i == 0 || (_rest[i] != 0 && (i < 9 || _rest[i] == 1));
            _rest = _rest[(i + 1)..];
            return isShortest;
        }

        return false;
    }
}
