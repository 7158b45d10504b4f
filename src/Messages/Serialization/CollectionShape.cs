namespace Actors.Messages.Serialization;

/// <summary>The shape of a collection: the number of items, then the items.</summary>
public sealed class CollectionShape(PackedShape item, bool isNullable) : PackedShape
{
    public override int Smallest => sizeof(int);

    public override void CheckValue(ref PackedCursor cursor)
    {
        var count = cursor.ReadCount(item.Smallest);
        if (count == PackedCursor.NullCollection && !isNullable)
            throw cursor.CreateMalformedException("A collection is missing.");
        if (item is FixedShape)
        {
            cursor.SkipBytes((long)Math.Max(count, 0) * item.Smallest);
            return;
        }

        for (var i = 0; i < count; i++)
            item.CheckValue(ref cursor);
    }
}
