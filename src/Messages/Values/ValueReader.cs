using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Actors.Messages.Values;

/// <summary>Reads what a <see cref="ValueWriter"/> wrote; trusts no length beyond the bytes that are there.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="jobToken">What every <see cref="CancellationToken"/> among the values becomes.</param>
internal ref struct ValueReader(ReadOnlySpan<byte> bytes, CancellationToken jobToken = default)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private int _depth;

    /// <summary>The token of the job that is being read.</summary>
    internal readonly CancellationToken JobToken { get; } = jobToken;

    /// <summary>Reads a value of any type that can be carried.</summary>
    internal T ReadValue<T>() => FormatterCache<T>.Formatter.Read(ref this);

    /// <summary>Reads the bits of a value that holds no reference.</summary>
    internal T ReadRaw<T>() => Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(ReadBytes(Unsafe.SizeOf<T>())));

    /// <summary>Reads so many bytes.</summary>
    internal ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException($"{count} bytes were announced, {_rest.Length} are there.");
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>Reads a count of things that take at least <paramref name="leastBytes"/> each; -1 is null.</summary>
    internal int ReadLength(int leastBytes)
    {
        var length = ReadNumber() - 1;
        return length <= _rest.Length / leastBytes
            ? (int)length
            : throw new InvalidDataException($"A length of {length} was announced, {_rest.Length} bytes are there.");
    }

    /// <summary>Reads a head byte: false is null.</summary>
    internal bool ReadPresence() => ReadRaw<byte>() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"{other} is neither null nor a value."),
    };

    /// <summary>Reads text.</summary>
    internal string? ReadString()
    {
        var head = ReadNumber() - 1;
        if (head < 0)
        {
            return null;
        }

        var length = head >> 1;
        var wide = (head & 1) != 0;
        if (length > (wide ? _rest.Length / sizeof(char) : _rest.Length))
        {
            throw new InvalidDataException($"A string of {length} was announced, {_rest.Length} bytes are there.");
        }

        return wide ? ReadWide((int)length) : Encoding.Latin1.GetString(ReadBytes((int)length));
    }

    /// <summary>Goes one level down.</summary>
    internal void EnterLevel()
    {
        if (++_depth > ValueWriter.MaxDepth)
        {
            throw new InvalidDataException($"The value is nested deeper than {ValueWriter.MaxDepth}.");
        }
    }

    /// <summary>Comes one level up.</summary>
    internal void LeaveLevel() => _depth--;

    /// <summary>Everything must have been read: bytes left over mean that writer and reader disagree.</summary>
    internal readonly void RequireEnd()
    {
        if (!_rest.IsEmpty)
        {
            throw new InvalidDataException($"{_rest.Length} bytes are left after the last value.");
        }
    }

    private string ReadWide(int length) =>
        string.Create(length, ReadBytes(length * sizeof(char)), (text, bytes) => bytes.CopyTo(MemoryMarshal.AsBytes(text)));

    private long ReadNumber()
    {
        var number = 0UL;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var part = ReadRaw<byte>();
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return (long)number;
            }
        }

        throw new InvalidDataException("A length has no end.");
    }
}
