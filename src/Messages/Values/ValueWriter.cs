using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Actors.Messages.Values;

/// <summary>Writes values to a buffer, little-endian. The buffer has the written data only after <see cref="FlushBuffer"/>.</summary>
public ref struct ValueWriter(IBufferWriter<byte> output)
{
    /// <summary>The most levels of nesting. Deeper values contain a cycle, or would overflow the stack of the reader.</summary>
    public const int MaxDepth = TypeRules.MaxDepth;

    private const int LargeBlock = 64 * 1024;

    private readonly IBufferWriter<byte> _output = output;
    private Span<byte> _free;
    private int _used;
    private int _depth;

    /// <summary>The member that is written, as <c>Type.Member</c>, for error messages.</summary>
    public string? Member;

    /// <summary>The objects that must stay alive until the value has arrived; null for none.</summary>
    public List<object>? KeptAlive;

    /// <summary>Whether the values are the call of a job, which may report progress.</summary>
    public bool IsJob;

    /// <summary>The captured variables that are written.</summary>
    public CapturedFields Captured = CapturedFields.All;

    /// <summary>Makes the written data available in the buffer.</summary>
    public void FlushBuffer()
    {
        _output.Advance(_used);
        _free = default;
        _used = 0;
    }

    /// <summary>Writes a value of any type that can be carried.</summary>
    public void WriteValue<T>(T value) => FormatterCache<T>.Formatter.Write(ref this, value);

    /// <summary>Writes the bits of a value that holds no reference.</summary>
    public void WriteRaw<T>(T value) =>
        Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(ReserveSpace(Unsafe.SizeOf<T>())), value);

    /// <summary>Writes bytes without their length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LargeBlock && _output is IBlockWriter blocks)
        {
            FlushBuffer();
            blocks.WriteBlock(bytes);
        }
        else
        {
            bytes.CopyTo(ReserveSpace(bytes.Length));
        }
    }

    /// <summary>Writes a length, or -1 for null; one byte when it is short.</summary>
    public void WriteLength(long length)
    {
        var rest = (ulong)(length + 1);
        for (; rest >= 0x80; rest >>= 7)
        {
            WriteRaw((byte)(rest | 0x80));
        }

        WriteRaw((byte)rest);
    }

    /// <summary>
    /// Writes a string: one byte per character if every character fits, otherwise UTF-16. Unpaired surrogates are preserved.
    /// </summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteLength(-1);
            return;
        }

        var wide = value.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff');
        WriteLength(((long)value.Length << 1) | (wide ? 1L : 0L));
        if (wide)
        {
            WriteBytes(MemoryMarshal.AsBytes(value.AsSpan()));
        }
        else
        {
            Encoding.Latin1.GetBytes(value, ReserveSpace(value.Length));
        }
    }

    /// <summary>Enters an object or collection.</summary>
    public void EnterLevel<T>()
    {
        if (++_depth > MaxDepth)
        {
            throw new NotCarriedException(
                $"{DescribeLocation<T>()} cannot be carried to another process: it is nested deeper than {MaxDepth} or refers to itself; "
                + "pass a flat list of its parts.");
        }
    }

    /// <summary>Leaves an object or collection.</summary>
    public void LeaveLevel() => _depth--;

    /// <summary>Refuses an instance of a derived type, because the reader knows only the declared type.</summary>
    public readonly void RequireExact<T>(T value)
    {
        if (value!.GetType() is var actual && actual != typeof(T))
        {
            throw new NotCarriedException(
                $"{DescribeLocation<T>()} holds a {TypeNames.GetFullName(actual)}, which cannot be carried to another process as the "
                + $"declared {TypeNames.GetFullName(typeof(T))}; declare the derived type.");
        }
    }

    /// <summary>Gets the member that is written, or the type, for error messages.</summary>
    public readonly string DescribeLocation<T>() => Member ?? TypeNames.GetFullName(typeof(T));

    private Span<byte> ReserveSpace(int count)
    {
        if (_free.Length - _used < count)
        {
            FlushBuffer();
            _free = _output.GetSpan(count);
        }

        var taken = _free.Slice(_used, count);
        _used += count;
        return taken;
    }
}
