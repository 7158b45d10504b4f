using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A dictionary in the order in which its keys were first set. What keys and values mean only its users know; two are equal when their bytes are.
/// Its version grows with every change.
/// </summary>
internal sealed class DictionaryState : ImmediateState
{
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = new();
    private long _version = 1;

    /// <inheritdoc/>
    protected override ObjectReply Answer(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.DictionaryCount => Reply(call, number: _entries.Count),
        ObjectOperation.DictionaryGet when call.Payloads.Length == 1 =>
            _entries.TryGetValue(new Key(call.Payloads[0]), out var found) ? Reply(call, 0, found.Value.Item) : NotFound(call),
        ObjectOperation.DictionaryPage => Page.Of(call, _version, _order.Count, _order.Select(entry => new[] { entry.Key, entry.Item })),
        _ => Change(call),
    };

    private ObjectReply Change(ObjectCall call)
    {
        var reply = call.Operation switch
        {
            ObjectOperation.DictionarySet when call.Payloads.Length % 2 == 0 => SetAll(call),
            ObjectOperation.DictionaryAdd when call.Payloads.Length == 2 => Add(call),
            ObjectOperation.DictionaryRemove when call.Payloads.Length == 1 => Remove(call),
            ObjectOperation.DictionaryPopLast => PopLast(call),
            ObjectOperation.DictionaryClear => Clear(call),
            ObjectOperation.DictionaryReplace when call.Payloads.Length == 3 => Replace(call),
            _ => Reply(call, ObjectStatus.NotSupported),
        };
        if (reply.Status == ObjectStatus.Ok)
            _version++;
        return reply;
    }

    private ObjectReply SetAll(ObjectCall call)
    {
        for (var i = 0; i < call.Payloads.Length; i += 2)
            Set(call.Payloads[i], call.Payloads[i + 1]);
        return Reply(call);
    }

    private void Set(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> item)
    {
        if (_entries.TryGetValue(new Key(key), out var node))
            node.Value = node.Value with { Item = item };
        else
            _entries[new Key(key)] = _order.AddLast(new Entry(key, item));
    }

    private ObjectReply Add(ObjectCall call)
    {
        if (_entries.TryGetValue(new Key(call.Payloads[0]), out var node))
            return new ObjectReply(call.Call, ObjectStatus.Exists, 0, [node.Value.Item]);
        Set(call.Payloads[0], call.Payloads[1]);
        return Reply(call);
    }

    private ObjectReply Remove(ObjectCall call)
    {
        if (!_entries.Remove(new Key(call.Payloads[0]), out var node))
            return NotFound(call);
        _order.Remove(node);
        return Reply(call, 0, node.Value.Item);
    }

    private ObjectReply PopLast(ObjectCall call)
    {
        if (_order.Last is not { } last)
            return NotFound(call);
        _order.RemoveLast();
        _entries.Remove(new Key(last.Value.Key));
        return Reply(call, 0, last.Value.Key, last.Value.Item);
    }

    private ObjectReply Clear(ObjectCall call)
    {
        _entries.Clear();
        _order.Clear();
        return Reply(call);
    }

    private ObjectReply Replace(ObjectCall call)
    {
        if (!_entries.TryGetValue(new Key(call.Payloads[0]), out var node))
            return NotFound(call);
        if (!node.Value.Item.Span.SequenceEqual(call.Payloads[1].Span))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, 0, [node.Value.Item]);
        node.Value = node.Value with { Item = call.Payloads[2] };
        return Reply(call);
    }

    private static ObjectReply NotFound(ObjectCall call) => Reply(call, ObjectStatus.NotFound);

    private readonly record struct Entry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Item);

    /// <summary>Bytes by their content.</summary>
    private readonly struct Key(ReadOnlyMemory<byte> bytes) : IEquatable<Key>
    {
        private readonly ReadOnlyMemory<byte> _bytes = bytes;

        public bool Equals(Key other) => _bytes.Span.SequenceEqual(other._bytes.Span);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(_bytes.Span);
            return hash.ToHashCode();
        }
    }
}
