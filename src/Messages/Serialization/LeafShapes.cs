namespace Actors.Messages.Serialization;

/// <summary>A value without references: its memory is its bytes.</summary>
internal sealed class FixedShape(int size) : PackedShape
{
    public override int Smallest => size;

    public override void CheckValue(ref PackedCursor cursor) => cursor.SkipBytes(size);
}

/// <summary>
/// A string: the complement of the length of its UTF-8, its length in characters, and the UTF-8; or its length in characters, and the UTF-16.
/// </summary>
internal sealed class StringShape(bool isNullable) : PackedShape
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

    /// <summary>MemoryPack allocates the announced characters. No byte of UTF-8 is more than one of them.</summary>
    private static void CheckUtf8(ref PackedCursor cursor, int length)
    {
        var characters = cursor.ReadInt32();
        if (characters > length)
            throw cursor.CreateMalformedException($"A text of {length} bytes announces {characters} characters.");
        cursor.SkipBytes(length);
    }
}

/// <summary>A key and a value.</summary>
internal sealed class PairShape(PackedShape key, PackedShape value) : PackedShape
{
    public override int Smallest => key.Smallest + value.Smallest;

    public override void CheckValue(ref PackedCursor cursor)
    {
        key.CheckValue(ref cursor);
        value.CheckValue(ref cursor);
    }
}
