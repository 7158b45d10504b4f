using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Actors.Messages.Objects.Kinds;

/// <summary>Gets the number of items.</summary>
public readonly record struct ListCount : IObjectRequest<ListCount, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListCount;
}

/// <summary>Gets an item. Outside the list: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct ListGet(long Index) : IObjectRequest<ListGet, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListGet;

    public static CallContent ToContent(ListGet request) => new(request.Index);

    public static ListGet? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Replaces an item. Outside the list: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct ListSet(long Index, ReadOnlyMemory<byte> Item) : IObjectRequest<ListSet, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListSet;

    public static CallContent ToContent(ListSet request) => new(request.Index, [request.Item]);

    public static ListSet? FromCall(ObjectCall call) => call.Payloads is [var item] ? new(call.Number, item) : null;
}

/// <summary>Appends items.</summary>
public readonly record struct ListAdd(ImmutableArray<ReadOnlyMemory<byte>> Items) : IObjectRequest<ListAdd, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListAdd;

    public static CallContent ToContent(ListAdd request) => new(request.Items);

    public static ListAdd? FromCall(ObjectCall call) => new(call.Payloads);
}

/// <summary>Inserts items before an index. Beyond the end: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct ListInsert(long Index, ImmutableArray<ReadOnlyMemory<byte>> Items)
    : IObjectRequest<ListInsert, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListInsert;

    public static CallContent ToContent(ListInsert request) => new(request.Index, request.Items);

    public static ListInsert? FromCall(ObjectCall call) => new(call.Number, call.Payloads);
}

/// <summary>Removes and returns the item at an index; -1 is the last. Outside the list: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct ListRemoveAt(long Index) : IObjectRequest<ListRemoveAt, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListRemoveAt;

    public static CallContent ToContent(ListRemoveAt request) => new(request.Index);

    public static ListRemoveAt? FromCall(ObjectCall call) => new(call.Number);
}

/// <inheritdoc cref="IPageRequest{TSelf}"/>
public readonly record struct ListPage(long Start, long? Version) : IPageRequest<ListPage>
{
    public static ObjectOperation Operation => ObjectOperation.ListPage;

    public static int PartsEach => 1;

    public static ListPage FromStart(long start, long? version) => new(start, version);
}

/// <summary>Replaces all items. If the list has another version: <see cref="ObjectStatus.Conflict"/>.</summary>
/// <param name="Version">The version; <see cref="AnyVersion"/> for any.</param>
/// <param name="Items">The new items.</param>
public readonly record struct ListReplaceAll(long Version, ImmutableArray<ReadOnlyMemory<byte>> Items)
    : IObjectRequest<ListReplaceAll, StatusReply>
{
    public const long AnyVersion = -1;

    public static ObjectOperation Operation => ObjectOperation.ListReplaceAll;

    public static CallContent ToContent(ListReplaceAll request) => new(request.Version, request.Items);

    public static ListReplaceAll? FromCall(ObjectCall call) => new(call.Number, call.Payloads);
}

/// <summary>Finds the first item that equals the given one, from an index. None: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct ListIndexOf(ReadOnlyMemory<byte> Item, long Start) : IObjectRequest<ListIndexOf, IndexReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListIndexOf;

    public static CallContent ToContent(ListIndexOf request) => new(request.Start, [request.Item]);

    public static ListIndexOf? FromCall(ObjectCall call) => call.Payloads is [var item] ? new(item, call.Number) : null;
}

/// <summary>Removes the first item that equals the given one. None: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct ListRemove(ReadOnlyMemory<byte> Item) : IObjectRequest<ListRemove, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListRemove;

    public static CallContent ToContent(ListRemove request) => new([request.Item]);

    public static ListRemove? FromCall(ObjectCall call) => call.Payloads is [var item] ? new(item) : null;
}

/// <summary>Reverses the items.</summary>
public readonly record struct ListReverse : IObjectRequest<ListReverse, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListReverse;
}

/// <summary>Counts the items that equal the given one.</summary>
public readonly record struct ListCountOf(ReadOnlyMemory<byte> Item) : IObjectRequest<ListCountOf, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListCountOf;

    public static CallContent ToContent(ListCountOf request) => new([request.Item]);

    public static ListCountOf? FromCall(ObjectCall call) => call.Payloads is [var item] ? new(item) : null;
}

/// <summary>Replaces a range by other items. Beyond the end: <see cref="ObjectStatus.NotFound"/>.</summary>
/// <param name="Start">The index of the first replaced item.</param>
/// <param name="Count">The number of replaced items.</param>
/// <param name="Items">The new items.</param>
public readonly record struct ListReplaceRange(long Start, long Count, ImmutableArray<ReadOnlyMemory<byte>> Items)
    : IObjectRequest<ListReplaceRange, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListReplaceRange;

    public static CallContent ToContent(ListReplaceRange request) =>
        new(request.Start, [BitConverter.GetBytes(request.Count), .. request.Items]);

    public static ListReplaceRange? FromCall(ObjectCall call) => call.Payloads is [{ Length: sizeof(long) } count, ..]
        ? new(call.Number, BinaryPrimitives.ReadInt64LittleEndian(count.Span), call.Payloads.RemoveAt(0))
        : null;
}

/// <summary>
/// Replaces the expected item at an index. If the item is another: <see cref="ObjectStatus.Conflict"/> with that item. Outside the list:
/// <see cref="ObjectStatus.NotFound"/>.
/// </summary>
public readonly record struct ListReplaceItem(long Index, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Item)
    : IObjectRequest<ListReplaceItem, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.ListReplaceItem;

    public static CallContent ToContent(ListReplaceItem request) => new(request.Index, [request.Expected, request.Item]);

    public static ListReplaceItem? FromCall(ObjectCall call) =>
        call.Payloads is [var expected, var item] ? new(call.Number, expected, item) : null;
}
