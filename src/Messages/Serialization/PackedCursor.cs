using System.Buffers.Binary;
using System.Runtime.Serialization;

namespace Actors.Messages.Serialization;

/// <summary>A position in the bytes of MemoryPack. Every length is checked against the remaining bytes before it is used.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="contract">The type of the contract, for error messages.</param>
public ref struct PackedCursor(ReadOnlySpan<byte> bytes, Type contract)
{
    /// <summary>The null header of an object.</summary>
    public const byte NullObject = 255;

    /// <summary>The null header of a string or a collection.</summary>
    public const int NullCollection = -1;

    /// <summary>The deepest nesting of objects. Deeper nesting could exhaust the stack.</summary>
    private const int MaxLevels = 128;

    private ReadOnlySpan<byte> _rest = bytes;
    private int _levels;

    /// <summary>The number of remaining bytes.</summary>
    public readonly int Remaining => _rest.Length;

    public byte ReadByte()
    {
        RequireBytes(sizeof(byte));
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public int ReadInt32()
    {
        RequireBytes(sizeof(int));
        var value = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        _rest = _rest[sizeof(int)..];
        return value;
    }

    /// <summary>Reads the length of a member, a variable-length integer of MemoryPack.</summary>
    public int ReadMemberLength()
    {
        var code = (sbyte)ReadByte();
        long length = code switch
        {
            >= -120 => code,
            -121 => ReadByte(),
            -122 => (sbyte)ReadByte(),
            -123 => BinaryPrimitives.ReadUInt16LittleEndian(TakeBytes(sizeof(ushort))),
            -124 => BinaryPrimitives.ReadInt16LittleEndian(TakeBytes(sizeof(short))),
            -125 => BinaryPrimitives.ReadUInt32LittleEndian(TakeBytes(sizeof(uint))),
            -126 => ReadInt32(),
            _ => BinaryPrimitives.ReadInt64LittleEndian(TakeBytes(sizeof(long))),
        };
        RequireBytes(length);
        return (int)length;
    }

    /// <summary>
    /// Reads the number of following items, each of which takes at least <paramref name="smallestItem"/> bytes;
    /// <see cref="NullCollection"/> for null.
    /// </summary>
    public int ReadCount(int smallestItem)
    {
        var count = ReadInt32();
        if (count == NullCollection)
            return count;
        if (count < 0 || (long)count * smallestItem > _rest.Length)
            throw CreateMalformedException($"A collection announces {count} items, and {_rest.Length} bytes follow.");
        return count;
    }

    /// <summary>Skips bytes.</summary>
    public void SkipBytes(long count)
    {
        RequireBytes(count);
        _rest = _rest[(int)count..];
    }

    /// <summary>Enters an object.</summary>
    public void EnterObject()
    {
        if (++_levels > MaxLevels)
            throw CreateMalformedException($"More than {MaxLevels} objects are inside each other.");
    }

    /// <summary>Leaves an object.</summary>
    public void LeaveObject() => _levels--;

    public readonly void RequireEnd()
    {
        if (!_rest.IsEmpty)
            throw CreateMalformedException($"{_rest.Length} bytes are left over.");
    }

    /// <summary>Creates the exception for bytes that are not those of the contract.</summary>
    public readonly SerializationException CreateMalformedException(string reason) =>
        new($"The bytes are not those of {contract.Name}: {reason}");

    private ReadOnlySpan<byte> TakeBytes(int count)
    {
        RequireBytes(count);
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private readonly void RequireBytes(long count)
    {
        if (count < 0 || count > _rest.Length)
            throw CreateMalformedException($"A length of {count} is announced, and {_rest.Length} bytes follow.");
    }
}
