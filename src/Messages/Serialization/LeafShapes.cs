namespace Actors.Messages.Serialization;

/// <summary>The shape of a value without references, whose memory is copied.</summary>
public sealed class FixedShape(int size) : PackedShape
{
    public override int Smallest => size;

    public override void CheckValue(ref PackedCursor cursor) => cursor.SkipBytes(size);
}

/// <summary>
/// The shape of a string. In UTF-8: the complement of the length in bytes, the length in characters, and the bytes. In UTF-16: the length
/// in characters, and the characters.
/// </summary>
public sealed class StringShape(bool isNullable) : PackedShape
{
    public override int Smallest => sizeof(int);

    public override void CheckValue(ref PackedCursor cursor)
    {
        var header = cursor.ReadInt32();
        switch (header)
        {
            case PackedCursor.NullCollection when isNullable:
                break;
            case PackedCursor.NullCollection:
                throw cursor.CreateMalformedException("A text is missing.");
            case >= 0:
                cursor.SkipBytes((long)header * sizeof(char));
                break;
            default:
                CheckUtf8(ref cursor, ~header);
                break;
        }
    }

    /// <summary>
    /// Checks a string in UTF-8. MemoryPack allocates the announced number of characters, which is at most the number of bytes.
    /// </summary>
    private static void CheckUtf8(ref PackedCursor cursor, int length)
    {
        var characters = cursor.ReadInt32();
        if (characters > length)
            throw cursor.CreateMalformedException($"A text of {length} bytes announces {characters} characters.");
        cursor.SkipBytes(length);
    }
}

/// <summary>The shape of a key and a value.</summary>
public sealed class PairShape(PackedShape key, PackedShape value) : PackedShape
{
    public override int Smallest => key.Smallest + value.Smallest;

    public override void CheckValue(ref PackedCursor cursor)
    {
        key.CheckValue(ref cursor);
        value.CheckValue(ref cursor);
    }
}
