using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Actors.Messages.Jobs;

namespace Actors.Messages.Executors;

/// <summary>Reads the body of a frame. Every length is checked against the remaining bytes.</summary>
public struct FrameReader(ReadOnlyMemory<byte> body)
{
    private const int MaxInnerFailures = 32;

    /// <summary>The shortest failure: two flags, four strings, three counts.</summary>
    private const int SmallestFailure = 2 + (7 * sizeof(int));

    private ReadOnlyMemory<byte> _rest = body;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <exception cref="InvalidDataException">Bytes remain.</exception>
    public readonly void RequireEnd()
    {
        if (!IsAtEnd)
            throw new InvalidDataException($"{_rest.Length} bytes of a frame are left over.");
    }

    public byte ReadByte() => TakeBytes(1).Span[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(TakeBytes(sizeof(int)).Span);

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(TakeBytes(sizeof(long)).Span);

    public Guid ReadGuid() => new(TakeBytes(16).Span);

    public ReadOnlyMemory<byte> ReadBytes() => TakeBytes(ReadInt32());

    public ReadOnlyMemory<byte> ReadRaw(int count) => TakeBytes(count);

    /// <summary>Reads the number of following items, each of which takes at least <paramref name="bytesEach"/> bytes.</summary>
    public int ReadCount(int bytesEach)
    {
        var count = ReadInt32();
        if (count < 0 || (long)count * bytesEach > _rest.Length)
            throw CreateMalformedException();
        return count;
    }

    public string? ReadString()
    {
        var length = ReadInt32();
        return length == -1 ? null : Encoding.UTF8.GetString(TakeBytes(length).Span);
    }

    public FailureInfo? ReadFailure() => ReadFailure(MaxInnerFailures);

    private FailureInfo? ReadFailure(int depth)
    {
        if (ReadByte() == 0)
            return null;
        if (depth == 0)
            throw CreateMalformedException();
        var type = ReadString() ?? "";
        var assembly = ReadString() ?? "";
        var message = ReadString() ?? "";
        var stack = ReadString();
        var data = new KeyValuePair<string, string>[ReadCount(2 * sizeof(int))];
        for (var i = 0; i < data.Length; i++)
            data[i] = new(ReadString() ?? "", ReadString() ?? "");
        var inner = ReadFailure(depth - 1);
        return new FailureInfo(type, assembly, message, stack, [.. data], inner, ReadMoreInner(depth - 1), ReadValues());
    }

    private ImmutableArray<FailureValue> ReadValues()
    {
        var values = new FailureValue[ReadCount(5 * sizeof(int))];
        for (var i = 0; i < values.Length; i++)
            values[i] = new FailureValue(ReadString() ?? "", ReadString() ?? "", ReadBytes(), ReadBytes(), ReadString());
        return values.Length == 0 ? default : [.. values];
    }

    /// <summary>
    /// Reads the further inner exceptions. They may be nested, so the announced count must not determine the allocation at every level.
    /// </summary>
    private ImmutableArray<FailureInfo> ReadMoreInner(int depth)
    {
        var count = ReadCount(SmallestFailure);
        if (count == 0)
            return default;
        var failures = ImmutableArray.CreateBuilder<FailureInfo>(Math.Min(count, FailureLimits.MaxExceptions));
        for (var i = 0; i < count; i++)
            failures.Add(ReadFailure(depth) ?? throw CreateMalformedException());
        return failures.ToImmutable();
    }

    private ReadOnlyMemory<byte> TakeBytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw CreateMalformedException();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static InvalidDataException CreateMalformedException() => new("A frame is shorter than its own lengths say.");
}
