using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Actors.Messages.Values;

/// <summary>Reads values that a <see cref="ValueWriter"/> wrote. Every length is checked against the remaining bytes.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="jobToken">The token that each <see cref="CancellationToken"/> among the values becomes.</param>
public ref struct ValueReader(ReadOnlySpan<byte> bytes, CancellationToken jobToken = default)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private int _depth;

    /// <summary>The token of the job whose values are read.</summary>
    public readonly CancellationToken JobToken { get; } = jobToken;

    /// <summary>Reads a value of any type that can be carried.</summary>
    public T ReadValue<T>() => FormatterCache<T>.Formatter.Read(ref this);

    /// <summary>Reads the bits of a value that holds no reference.</summary>
    public T ReadRaw<T>() => Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(ReadBytes(Unsafe.SizeOf<T>())));

    /// <summary>Reads a number of bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException($"{count} bytes were announced, but only {_rest.Length} remain.");
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>Reads the number of items that take at least <paramref name="leastBytes"/> bytes each; -1 is null.</summary>
    public int ReadLength(int leastBytes)
    {
        var length = ReadAnnouncedLength();
        return length <= _rest.Length / leastBytes
            ? (int)length
            : throw new InvalidDataException($"A length of {length} was announced, but only {_rest.Length} bytes remain.");
    }

    /// <summary>Reads a number of items that is not compared with the remaining bytes; -1 is null.</summary>
    /// <exception cref="InvalidDataException">The number has no end.</exception>
    public long ReadAnnouncedLength() => ReadNumber() - 1;

    /// <summary>Reads whether a value is present; false is null.</summary>
    public bool ReadPresence() => ReadRaw<byte>() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"{other} is neither null nor a value."),
    };

    /// <summary>Reads a string.</summary>
    public string? ReadString()
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
            throw new InvalidDataException($"A string of {length} characters was announced, but only {_rest.Length} bytes remain.");
        }

        return wide ? ReadWide((int)length) : Encoding.Latin1.GetString(ReadBytes((int)length));
    }

    /// <summary>Enters an object or collection.</summary>
    public void EnterLevel()
    {
        if (++_depth > ValueWriter.MaxDepth)
        {
            throw new InvalidDataException($"The value is nested deeper than {ValueWriter.MaxDepth}.");
        }
    }

    /// <summary>Leaves an object or collection.</summary>
    public void LeaveLevel() => _depth--;

    /// <summary>Throws when bytes remain: writer and reader disagree.</summary>
    public readonly void RequireEnd()
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
