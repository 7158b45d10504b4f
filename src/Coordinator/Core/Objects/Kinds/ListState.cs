using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>A list of values. Values are opaque bytes, compared bytewise. The version grows with every change.</summary>
public sealed class ListState(ImmutableArray<ReadOnlyMemory<byte>> items) : ImmediateState
{
    private readonly List<ReadOnlyMemory<byte>> _items = [.. items];
    private long _version = 1;
    private long _size = ObjectSizes.MeasureValues(items);

    /// <inheritdoc/>
    public override long Size => _size;

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.ListCount when call.As<ListCount>() is { } count => count.CreateReply(new CountReply(_items.Count)),
        ObjectOperation.ListGet when call.As<ListGet>() is { } get => get.CreateReply(GetItem(get.Request)),
        ObjectOperation.ListPage when call.As<ListPage>() is { } page => page.CreateReply(ReadPage(page.Request)),
        ObjectOperation.ListIndexOf when call.As<ListIndexOf>() is { } find => find.CreateReply(IndexOf(find.Request)),
        ObjectOperation.ListCountOf when call.As<ListCountOf>() is { } count => count.CreateReply(CountOf(count.Request)),
        _ => ApplyChange(call),
    };

    private ObjectReply ApplyChange(ObjectCall call)
    {
        var reply = call.Operation switch
        {
            ObjectOperation.ListSet when call.As<ListSet>() is { } set => set.CreateReply(SetItem(set.Request)),
            ObjectOperation.ListAdd when call.As<ListAdd>() is { } add => add.CreateReply(InsertItems(_items.Count, add.Request.Items)),
            ObjectOperation.ListInsert when call.As<ListInsert>() is { } insert =>
                insert.CreateReply(InsertItems(insert.Request.Index, insert.Request.Items)),
            ObjectOperation.ListRemoveAt when call.As<ListRemoveAt>() is { } remove => remove.CreateReply(RemoveAt(remove.Request.Index)),
            ObjectOperation.ListRemove when call.As<ListRemove>() is { } remove => remove.CreateReply(RemoveItem(remove.Request)),
            ObjectOperation.ListReverse when call.As<ListReverse>() is { } reverse => reverse.CreateReply(ReverseItems()),
            ObjectOperation.ListReplaceAll when call.As<ListReplaceAll>() is { } replace =>
                replace.CreateReply(ReplaceAll(replace.Request)),
            ObjectOperation.ListReplaceRange when call.As<ListReplaceRange>() is { } replace =>
                replace.CreateReply(ReplaceRange(replace.Request)),
            ObjectOperation.ListReplaceItem when call.As<ListReplaceItem>() is { } replace =>
                replace.CreateReply(ReplaceItem(replace.Request)),
            _ => ObjectReply.WithStatus(call.Call, ObjectStatus.NotSupported),
        };
        if (reply.Status == ObjectStatus.Ok)
            _version++;
        return reply;
    }

    private ItemReply GetItem(ListGet get) => IsInRange(get.Index) ? new ItemReply(_items[(int)get.Index]) : NotFound;

    private PageReply ReadPage(ListPage page) =>
        ContainerPage.ReadPage(page, _version, _items.Count, _items.Select(item => new[] { item }));

    private IndexReply IndexOf(ListIndexOf find) => FindIndex(find.Item, find.Start) is >= 0 and var index
        ? new IndexReply(index)
        : new IndexReply(0, ObjectStatus.NotFound);

    private CountReply CountOf(ListCountOf count) => new(_items.Count(item => item.Span.SequenceEqual(count.Item.Span)));

    private ObjectStatus SetItem(ListSet set)
    {
        if (!IsInRange(set.Index))
            return ObjectStatus.NotFound;
        ReplaceAt((int)set.Index, set.Item);
        return ObjectStatus.Ok;
    }

    private ObjectStatus InsertItems(long index, ImmutableArray<ReadOnlyMemory<byte>> added)
    {
        if (index < 0 || index > _items.Count)
            return ObjectStatus.NotFound;
        _items.InsertRange((int)index, added);
        _size += ObjectSizes.MeasureValues(added);
        return ObjectStatus.Ok;
    }

    private ItemReply RemoveAt(long index)
    {
        var at = index == -1 ? _items.Count - 1 : index;
        if (!IsInRange(at))
            return NotFound;
        var item = _items[(int)at];
        _items.RemoveAt((int)at);
        _size -= ObjectSizes.MeasureValue(item);
        return new ItemReply(item);
    }

    private ObjectStatus RemoveItem(ListRemove remove)
    {
        var index = FindIndex(remove.Item, 0);
        if (index < 0)
            return ObjectStatus.NotFound;
        _size -= ObjectSizes.MeasureValue(_items[index]);
        _items.RemoveAt(index);
        return ObjectStatus.Ok;
    }

    private ObjectStatus ReverseItems()
    {
        _items.Reverse();
        return ObjectStatus.Ok;
    }

    private ObjectStatus ReplaceAll(ListReplaceAll replace)
    {
        if (replace.Version != ListReplaceAll.AnyVersion && replace.Version != _version)
            return ObjectStatus.Conflict;
        _items.Clear();
        _items.AddRange(replace.Items);
        _size = ObjectSizes.MeasureValues(replace.Items);
        return ObjectStatus.Ok;
    }

    private ObjectStatus ReplaceRange(ListReplaceRange replace)
    {
        var (start, count, added) = replace;
        if (start < 0 || count < 0 || start > _items.Count || count > _items.Count - start)
            return ObjectStatus.NotFound;
        _size -= _items.Skip((int)start).Take((int)count).Sum(ObjectSizes.MeasureValue);
        _items.RemoveRange((int)start, (int)count);
        return InsertItems(start, added);
    }

    private ItemReply ReplaceItem(ListReplaceItem replace)
    {
        if (!IsInRange(replace.Index))
            return NotFound;
        var item = _items[(int)replace.Index];
        if (!item.Span.SequenceEqual(replace.Expected.Span))
            return new ItemReply(item, ObjectStatus.Conflict);
        ReplaceAt((int)replace.Index, replace.Item);
        return new ItemReply(null);
    }

    private void ReplaceAt(int index, ReadOnlyMemory<byte> item)
    {
        _size += item.Length - _items[index].Length;
        _items[index] = item;
    }

    private int FindIndex(ReadOnlyMemory<byte> value, long start) => start < 0 || start > _items.Count
        ? -1
        : _items.FindIndex((int)start, item => item.Span.SequenceEqual(value.Span));

    private bool IsInRange(long index) => index >= 0 && index < _items.Count;

    private static ItemReply NotFound => new(null, ObjectStatus.NotFound);
}
