using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Actors.Messages.Jobs;

namespace Actors.Messages.Executors;

/// <summary>Reads the body of one frame. Every length is held against the bytes that are there.</summary>
internal struct FrameReader(ReadOnlyMemory<byte> body)
{
    private const int MaxInnerFailures = 32;

    private ReadOnlyMemory<byte> _rest = body;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1).Span[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    public Guid ReadGuid() => new(Take(16).Span);

    public ReadOnlyMemory<byte> ReadBytes() => Take(ReadInt32());

    public ReadOnlyMemory<byte> ReadRaw(int count) => Take(count);

    /// <summary>How many items follow, each of at least so many bytes.</summary>
    public int ReadCount(int bytesEach)
    {
        var count = ReadInt32();
        if (count < 0 || (long)count * bytesEach > _rest.Length)
            throw Malformed();
        return count;
    }

    public string? ReadString()
    {
        var length = ReadInt32();
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length).Span);
    }

    public FailureInfo? ReadFailure() => ReadFailure(MaxInnerFailures);

    private FailureInfo? ReadFailure(int depth)
    {
        if (ReadByte() == 0)
            return null;
        if (depth == 0)
            throw Malformed();
        var type = ReadString() ?? "";
        var assembly = ReadString() ?? "";
        var message = ReadString() ?? "";
        var stack = ReadString();
        var data = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(ReadCount(2 * sizeof(int)));
        for (var i = 0; i < data.Capacity; i++)
            data.Add(new(ReadString() ?? "", ReadString() ?? ""));
        var inner = ReadFailure(depth - 1);
        return new FailureInfo(type, assembly, message, stack, data.MoveToImmutable(), inner, ReadMoreInner(depth - 1), ReadValues());
    }

    private ImmutableArray<FailureValue> ReadValues()
    {
        var values = new FailureValue[ReadCount(5 * sizeof(int))];
        for (var i = 0; i < values.Length; i++)
            values[i] = new FailureValue(ReadString() ?? "", ReadString() ?? "", ReadBytes(), ReadBytes(), ReadString());
        return values.Length == 0 ? default : [.. values];
    }

    private ImmutableArray<FailureInfo> ReadMoreInner(int depth)
    {
        var count = ReadCount(1);
        if (count == 0)
            return default;
        var failures = ImmutableArray.CreateBuilder<FailureInfo>(count);
        for (var i = 0; i < count; i++)
            failures.Add(ReadFailure(depth) ?? throw Malformed());
        return failures.MoveToImmutable();
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw Malformed();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static InvalidDataException Malformed() => new("A frame is shorter than its own lengths say.");
}
