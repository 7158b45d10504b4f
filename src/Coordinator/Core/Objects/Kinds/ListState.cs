using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>A list of values. Values are opaque bytes, compared bytewise. The version grows with every change.</summary>
internal sealed class ListState(ImmutableArray<ReadOnlyMemory<byte>> items) : ImmediateState
{
    private readonly List<ReadOnlyMemory<byte>> _items = [.. items];
    private long _version = 1;
    private long _size = ObjectSizes.MeasureValues(items);

    /// <inheritdoc/>
    public override long Size => _size;

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.ListCount => CreateReply(call, number: _items.Count),
        ObjectOperation.ListGet => IsInRange(call.Number) ? CreateReply(call, 0, _items[(int)call.Number]) : NotFound(call),
        ObjectOperation.ListPage => ContainerPage.CreateReply(call, _version, _items.Count, _items.Select(item => new[] { item })),
        ObjectOperation.ListIndexOf when call.Payloads.Length == 1 => IndexOf(call),
        ObjectOperation.ListCountOf when call.Payloads.Length == 1 =>
            CreateReply(call, number: _items.Count(item => item.Span.SequenceEqual(call.Payloads[0].Span))),
        ObjectOperation.ListReplaceItem when call.Payloads.Length == 2 => ReplaceItem(call),
        _ => ApplyChange(call),
    };

    private ObjectReply ApplyChange(ObjectCall call)
    {
        var reply = call.Operation switch
        {
            ObjectOperation.ListSet when call.Payloads.Length == 1 => SetItem(call),
            ObjectOperation.ListAdd => InsertItems(call, _items.Count),
            ObjectOperation.ListInsert when call.Number >= 0 && call.Number <= _items.Count => InsertItems(call, (int)call.Number),
            ObjectOperation.ListInsert => NotFound(call),
            ObjectOperation.ListRemoveAt => RemoveAt(call),
            ObjectOperation.ListRemove when call.Payloads.Length == 1 => RemoveItem(call),
            ObjectOperation.ListReverse => ReverseItems(call),
            ObjectOperation.ListReplaceAll => ReplaceAll(call),
            ObjectOperation.ListReplaceRange when call.Payloads is [{ Length: sizeof(long) }, ..] => ReplaceRange(call),
            _ => CreateReply(call, ObjectStatus.NotSupported),
        };
        if (reply.Status == ObjectStatus.Ok)
            _version++;
        return reply;
    }

    private ObjectReply SetItem(ObjectCall call)
    {
        if (!IsInRange(call.Number))
            return NotFound(call);
        ReplaceAt((int)call.Number, call.Payloads[0]);
        return CreateReply(call);
    }

    private ObjectReply InsertItems(ObjectCall call, int index)
    {
        _items.InsertRange(index, call.Payloads);
        _size += ObjectSizes.MeasureValues(call.Payloads);
        return CreateReply(call);
    }

    private ObjectReply RemoveAt(ObjectCall call)
    {
        var index = call.Number == -1 ? _items.Count - 1 : call.Number;
        if (!IsInRange(index))
            return NotFound(call);
        var item = _items[(int)index];
        _items.RemoveAt((int)index);
        _size -= ObjectSizes.MeasureValue(item);
        return CreateReply(call, 0, item);
    }

    private ObjectReply RemoveItem(ObjectCall call)
    {
        var index = FindIndex(call.Payloads[0], 0);
        if (index < 0)
            return NotFound(call);
        _size -= ObjectSizes.MeasureValue(_items[index]);
        _items.RemoveAt(index);
        return CreateReply(call);
    }

    private ObjectReply ReverseItems(ObjectCall call)
    {
        _items.Reverse();
        return CreateReply(call);
    }

    private ObjectReply ReplaceAll(ObjectCall call)
    {
        if (call.Number != -1 && call.Number != _version)
            return CreateReply(call, ObjectStatus.Conflict);
        _items.Clear();
        _items.AddRange(call.Payloads);
        _size = ObjectSizes.MeasureValues(call.Payloads);
        return CreateReply(call);
    }

    private ObjectReply ReplaceRange(ObjectCall call)
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(call.Payloads[0].Span);
        if (call.Number < 0 || length < 0 || call.Number > _items.Count || length > _items.Count - call.Number)
            return NotFound(call);
        _size -= _items.Skip((int)call.Number).Take((int)length).Sum(ObjectSizes.MeasureValue);
        _items.RemoveRange((int)call.Number, (int)length);
        _items.InsertRange((int)call.Number, call.Payloads.Skip(1));
        _size += call.Payloads.Skip(1).Sum(ObjectSizes.MeasureValue);
        return CreateReply(call);
    }

    private ObjectReply ReplaceItem(ObjectCall call)
    {
        if (!IsInRange(call.Number))
            return NotFound(call);
        var item = _items[(int)call.Number];
        if (!item.Span.SequenceEqual(call.Payloads[0].Span))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, 0, [item]);
        ReplaceAt((int)call.Number, call.Payloads[1]);
        _version++;
        return CreateReply(call);
    }

    private void ReplaceAt(int index, ReadOnlyMemory<byte> item)
    {
        _size += item.Length - _items[index].Length;
        _items[index] = item;
    }

    private ObjectReply IndexOf(ObjectCall call) => FindIndex(call.Payloads[0], call.Number) is >= 0 and var index
        ? CreateReply(call, number: index)
        : NotFound(call);

    private int FindIndex(ReadOnlyMemory<byte> value, long start) => start < 0 || start > _items.Count
        ? -1
        : _items.FindIndex((int)start, item => item.Span.SequenceEqual(value.Span));

    private bool IsInRange(long index) => index >= 0 && index < _items.Count;

    private static ObjectReply NotFound(ObjectCall call) => CreateReply(call, ObjectStatus.NotFound);
}
