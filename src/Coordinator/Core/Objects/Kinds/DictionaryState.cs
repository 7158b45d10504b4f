using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A dictionary that keeps the order in which keys were first set. Keys and values are opaque bytes, compared bytewise. The version grows
/// with every change.
/// </summary>
internal sealed class DictionaryState : ImmediateState
{
    private readonly Dictionary<ByteKey, LinkedListNode<KeyedItem>> _entries = [];
    private readonly LinkedList<KeyedItem> _order = new();
    private long _version = 1;
    private long _size;

    /// <inheritdoc/>
    public override long Size => _size;

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.DictionaryCount => CreateReply(call, number: _entries.Count),
        ObjectOperation.DictionaryGet when call.Payloads.Length == 1 =>
            _entries.TryGetValue(new ByteKey(call.Payloads[0]), out var found) ? CreateReply(call, 0, found.Value.Item) : NotFound(call),
        ObjectOperation.DictionaryPage => ContainerPage.CreateReply(
            call, _version, _order.Count, _order.Select(entry => new[] { entry.Key, entry.Item })),
        _ => ApplyChange(call),
    };

    private ObjectReply ApplyChange(ObjectCall call)
    {
        var reply = call.Operation switch
        {
            ObjectOperation.DictionarySet when call.Payloads.Length % 2 == 0 => SetAll(call),
            ObjectOperation.DictionaryAdd when call.Payloads.Length == 2 => AddItem(call),
            ObjectOperation.DictionaryRemove when call.Payloads.Length == 1 => RemoveItem(call),
            ObjectOperation.DictionaryPopLast => PopLast(call),
            ObjectOperation.DictionaryClear => ClearItems(call),
            ObjectOperation.DictionaryReplace when call.Payloads.Length == 3 => ReplaceItem(call),
            _ => CreateReply(call, ObjectStatus.NotSupported),
        };
        if (reply.Status == ObjectStatus.Ok)
            _version++;
        return reply;
    }

    private ObjectReply SetAll(ObjectCall call)
    {
        for (var i = 0; i < call.Payloads.Length; i += 2)
            SetItem(call.Payloads[i], call.Payloads[i + 1]);
        return CreateReply(call);
    }

    private void SetItem(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> item)
    {
        if (_entries.TryGetValue(new ByteKey(key), out var node))
        {
            SetItem(node, item);
            return;
        }

        _entries[new ByteKey(key)] = _order.AddLast(new KeyedItem(key, item));
        _size += MeasureItem(new KeyedItem(key, item));
    }

    private void SetItem(LinkedListNode<KeyedItem> node, ReadOnlyMemory<byte> item)
    {
        _size += item.Length - node.Value.Item.Length;
        node.Value = node.Value with { Item = item };
    }

    private ObjectReply AddItem(ObjectCall call)
    {
        if (_entries.TryGetValue(new ByteKey(call.Payloads[0]), out var node))
            return new ObjectReply(call.Call, ObjectStatus.Exists, 0, [node.Value.Item]);
        SetItem(call.Payloads[0], call.Payloads[1]);
        return CreateReply(call);
    }

    private ObjectReply RemoveItem(ObjectCall call)
    {
        if (!_entries.Remove(new ByteKey(call.Payloads[0]), out var node))
            return NotFound(call);
        _order.Remove(node);
        _size -= MeasureItem(node.Value);
        return CreateReply(call, 0, node.Value.Item);
    }

    private ObjectReply PopLast(ObjectCall call)
    {
        if (_order.Last is not { } last)
            return NotFound(call);
        _order.RemoveLast();
        _entries.Remove(new ByteKey(last.Value.Key));
        _size -= MeasureItem(last.Value);
        return CreateReply(call, 0, last.Value.Key, last.Value.Item);
    }

    private ObjectReply ClearItems(ObjectCall call)
    {
        _entries.Clear();
        _order.Clear();
        _size = 0;
        return CreateReply(call);
    }

    private ObjectReply ReplaceItem(ObjectCall call)
    {
        if (!_entries.TryGetValue(new ByteKey(call.Payloads[0]), out var node))
            return NotFound(call);
        if (!node.Value.Item.Span.SequenceEqual(call.Payloads[1].Span))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, 0, [node.Value.Item]);
        SetItem(node, call.Payloads[2]);
        return CreateReply(call);
    }

    private static long MeasureItem(KeyedItem entry) => ObjectSizes.MeasureValue(entry.Key) + ObjectSizes.MeasureValue(entry.Item);

    private static ObjectReply NotFound(ObjectCall call) => CreateReply(call, ObjectStatus.NotFound);

    private readonly record struct KeyedItem(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Item);

    /// <summary>Bytes that are compared by content.</summary>
    private readonly struct ByteKey(ReadOnlyMemory<byte> bytes) : IEquatable<ByteKey>
    {
        private readonly ReadOnlyMemory<byte> _bytes = bytes;

        public bool Equals(ByteKey other) => _bytes.Span.SequenceEqual(other._bytes.Span);

        public override bool Equals(object? obj) => obj is ByteKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(_bytes.Span);
            return hash.ToHashCode();
        }
    }
}
