using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>A list of values. What they mean only its users know; two are equal when their bytes are. Its version grows with every change.</summary>
internal sealed class ListState(ImmutableArray<ReadOnlyMemory<byte>> items) : ImmediateState
{
    private readonly List<ReadOnlyMemory<byte>> _items = [.. items];
    private long _version = 1;

    /// <inheritdoc/>
    protected override ObjectReply Answer(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.ListCount => Reply(call, number: _items.Count),
        ObjectOperation.ListGet => Has(call.Number) ? Reply(call, 0, _items[(int)call.Number]) : NotFound(call),
        ObjectOperation.ListPage => Page.Of(call, _version, _items.Count, _items.Select(item => new[] { item })),
        ObjectOperation.ListIndexOf when call.Payloads.Length == 1 => IndexOf(call),
        ObjectOperation.ListCountOf when call.Payloads.Length == 1 => Reply(call, number: _items.Count(item => item.Span.SequenceEqual(call.Payloads[0].Span))),
        ObjectOperation.ListReplaceItem when call.Payloads.Length == 2 => ReplaceItem(call),
        _ => Change(call),
    };

    private ObjectReply Change(ObjectCall call)
    {
        var reply = call.Operation switch
        {
            ObjectOperation.ListSet when call.Payloads.Length == 1 => Set(call),
            ObjectOperation.ListAdd => Insert(call, _items.Count),
            ObjectOperation.ListInsert => call.Number >= 0 && call.Number <= _items.Count ? Insert(call, (int)call.Number) : NotFound(call),
            ObjectOperation.ListRemoveAt => RemoveAt(call),
            ObjectOperation.ListRemove when call.Payloads.Length == 1 => Remove(call),
            ObjectOperation.ListReverse => Reverse(call),
            ObjectOperation.ListReplaceAll => ReplaceAll(call),
            ObjectOperation.ListReplaceRange when call.Payloads is [{ Length: sizeof(long) }, ..] => ReplaceRange(call),
            _ => Reply(call, ObjectStatus.NotSupported),
        };
        if (reply.Status == ObjectStatus.Ok)
            _version++;
        return reply;
    }

    private ObjectReply Set(ObjectCall call)
    {
        if (!Has(call.Number))
            return NotFound(call);
        _items[(int)call.Number] = call.Payloads[0];
        return Reply(call);
    }

    private ObjectReply Insert(ObjectCall call, int index)
    {
        _items.InsertRange(index, call.Payloads);
        return Reply(call);
    }

    private ObjectReply RemoveAt(ObjectCall call)
    {
        var index = call.Number == -1 ? _items.Count - 1 : call.Number;
        if (!Has(index))
            return NotFound(call);
        var item = _items[(int)index];
        _items.RemoveAt((int)index);
        return Reply(call, 0, item);
    }

    private ObjectReply Remove(ObjectCall call)
    {
        var index = Find(call.Payloads[0], 0);
        if (index < 0)
            return NotFound(call);
        _items.RemoveAt(index);
        return Reply(call);
    }

    private ObjectReply Reverse(ObjectCall call)
    {
        _items.Reverse();
        return Reply(call);
    }

    private ObjectReply ReplaceAll(ObjectCall call)
    {
        if (call.Number != -1 && call.Number != _version)
            return Reply(call, ObjectStatus.Conflict);
        _items.Clear();
        _items.AddRange(call.Payloads);
        return Reply(call);
    }

    private ObjectReply ReplaceRange(ObjectCall call)
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(call.Payloads[0].Span);
        if (call.Number < 0 || length < 0 || call.Number > _items.Count || length > _items.Count - call.Number)
            return NotFound(call);
        _items.RemoveRange((int)call.Number, (int)length);
        _items.InsertRange((int)call.Number, call.Payloads.Skip(1));
        return Reply(call);
    }

    private ObjectReply ReplaceItem(ObjectCall call)
    {
        if (!Has(call.Number))
            return NotFound(call);
        var item = _items[(int)call.Number];
        if (!item.Span.SequenceEqual(call.Payloads[0].Span))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, 0, [item]);
        _items[(int)call.Number] = call.Payloads[1];
        _version++;
        return Reply(call);
    }

    private ObjectReply IndexOf(ObjectCall call) => Find(call.Payloads[0], call.Number) is >= 0 and var index
        ? Reply(call, number: index)
        : NotFound(call);

    private int Find(ReadOnlyMemory<byte> value, long start) => start < 0 || start > _items.Count
        ? -1
        : _items.FindIndex((int)start, item => item.Span.SequenceEqual(value.Span));

    private bool Has(long index) => index >= 0 && index < _items.Count;

    private static ObjectReply NotFound(ObjectCall call) => Reply(call, ObjectStatus.NotFound);
}
