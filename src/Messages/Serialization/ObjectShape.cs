namespace Actors.Messages.Serialization;

/// <summary>A member of an object.</summary>
/// <param name="Shape">The shape of its value.</param>
/// <param name="IsRequired">
/// Whether the member must be present. False for members that were added later, which older peers do not send.
/// </param>
public sealed record PackedMember(PackedShape Shape, bool IsRequired);

/// <summary>
/// The shape of an object: the number of members, then the members. In the version-tolerant format, the lengths of all members come before
/// the first.
/// </summary>
public sealed class ObjectShape(Func<PackedMember[]> members, bool isVersionTolerant, bool isNullable) : PackedShape
{
    // Created at the first use, because an object may contain its own type.
    private readonly Lazy<Layout> _layout = new(() => new Layout(members(), isVersionTolerant));

    public override int Smallest => isNullable ? sizeof(byte) : _layout.Value.Smallest;

    public override void CheckValue(ref PackedCursor cursor)
    {
        var count = cursor.ReadByte();
        if (count == PackedCursor.NullObject)
        {
            if (!isNullable)
                throw cursor.CreateMalformedException("An object is missing.");
            return;
        }

        var layout = _layout.Value;
        if (count < layout.Required)
            throw cursor.CreateMalformedException($"An object announces {count} members; it has {layout.Required} at least.");
        cursor.EnterObject();
        if (isVersionTolerant)
            CheckWithLengths(ref cursor, layout.Members, count);
        else
            CheckInOrder(ref cursor, layout.Members, count);
        cursor.LeaveObject();
    }

    private static void CheckInOrder(ref PackedCursor cursor, PackedMember[] members, int count)
    {
        if (count > members.Length)
            throw cursor.CreateMalformedException($"An object announces {count} members; it has {members.Length} at most.");
        for (var i = 0; i < count; i++)
            members[i].Shape.CheckValue(ref cursor);
    }

    /// <summary>
    /// Checks members with lengths. MemoryPack's reader does not compare a member with its length, and skips members of later versions by
    /// their lengths.
    /// </summary>
    private static void CheckWithLengths(ref PackedCursor cursor, PackedMember[] members, int count)
    {
        Span<int> lengths = stackalloc int[count];
        foreach (ref var length in lengths)
            length = cursor.ReadMemberLength();
        for (var i = 0; i < count; i++)
        {
            if (i >= members.Length)
                cursor.SkipBytes(lengths[i]);
            else if (lengths[i] != 0)
                CheckMember(ref cursor, members[i], lengths[i]);
            else if (members[i].IsRequired)
                throw cursor.CreateMalformedException("A member of an object is missing.");
        }
    }

    private static void CheckMember(ref PackedCursor cursor, PackedMember member, int length)
    {
        var end = cursor.Remaining - length;
        member.Shape.CheckValue(ref cursor);
        if (cursor.Remaining != end)
            throw cursor.CreateMalformedException("A member of an object is not as long as announced.");
    }

    private sealed class Layout
    {
        public Layout(PackedMember[] members, bool isVersionTolerant)
        {
            Members = members;
            Required = members.Count(member => member.IsRequired);
            Smallest = sizeof(byte) + (isVersionTolerant ? Required : 0)
                + members.Where(member => member.IsRequired).Sum(member => member.Shape.Smallest);
        }

        public PackedMember[] Members { get; }

        public int Required { get; }

        public int Smallest { get; }
    }
}
