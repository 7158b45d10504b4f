using Actors.Messages.Collections;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A dictionary that keeps the order in which keys were first set. Keys and values are opaque bytes, compared bytewise. The version grows
/// with every change.
/// </summary>
public sealed class DictionaryState : ImmediateState
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
        ObjectOperation.DictionaryCount when call.As<DictionaryCount>() is { } count => count.CreateReply(new CountReply(_entries.Count)),
        ObjectOperation.DictionaryGet when call.As<DictionaryGet>() is { } get => get.CreateReply(GetItem(get.Request)),
        ObjectOperation.DictionaryPage when call.As<DictionaryPage>() is { } page => page.CreateReply(ReadPage(page.Request)),
        _ => ApplyChange(call),
    };

    private ObjectReply ApplyChange(ObjectCall call)
    {
        var reply = call.Operation switch
        {
            ObjectOperation.DictionarySet when call.As<DictionarySet>() is { } set => set.CreateReply(SetAll(set.Request)),
            ObjectOperation.DictionaryAdd when call.As<DictionaryAdd>() is { } add => add.CreateReply(AddItem(add.Request)),
            ObjectOperation.DictionaryRemove when call.As<DictionaryRemove>() is { } remove =>
                remove.CreateReply(RemoveItem(remove.Request)),
            ObjectOperation.DictionaryPopLast when call.As<DictionaryPopLast>() is { } pop => pop.CreateReply(PopLast()),
            ObjectOperation.DictionaryClear when call.As<DictionaryClear>() is { } clear => clear.CreateReply(ClearItems()),
            ObjectOperation.DictionaryReplace when call.As<DictionaryReplace>() is { } replace =>
                replace.CreateReply(ReplaceItem(replace.Request)),
            _ => ObjectReply.WithStatus(call.Call, ObjectStatus.NotSupported),
        };
        if (reply.Status == ObjectStatus.Ok)
            _version++;
        return reply;
    }

    private ItemReply GetItem(DictionaryGet get) =>
        _entries.TryGetValue(new ByteKey(get.Key), out var found) ? new ItemReply(found.Value.Item) : NotFound;

    private PageReply ReadPage(DictionaryPage page) =>
        ContainerPage.ReadPage(page, _version, _order.Count, _order.Select(entry => new[] { entry.Key, entry.Item }));

    private ObjectStatus SetAll(DictionarySet set)
    {
        for (var i = 0; i < set.Parts.Length; i += 2)
            SetItem(set.Parts[i], set.Parts[i + 1]);
        return ObjectStatus.Ok;
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

    private ItemReply AddItem(DictionaryAdd add)
    {
        if (_entries.TryGetValue(new ByteKey(add.Key), out var node))
            return new ItemReply(node.Value.Item, ObjectStatus.Exists);
        SetItem(add.Key, add.Value);
        return new ItemReply(null);
    }

    private ItemReply RemoveItem(DictionaryRemove remove)
    {
        if (!_entries.Remove(new ByteKey(remove.Key), out var node))
            return NotFound;
        _order.Remove(node);
        _size -= MeasureItem(node.Value);
        return new ItemReply(node.Value.Item);
    }

    private PairReply PopLast()
    {
        if (_order.Last is not { } last)
            return new PairReply(default, default, ObjectStatus.NotFound);
        _order.RemoveLast();
        _entries.Remove(new ByteKey(last.Value.Key));
        _size -= MeasureItem(last.Value);
        return new PairReply(last.Value.Key, last.Value.Item);
    }

    private ObjectStatus ClearItems()
    {
        _entries.Clear();
        _order.Clear();
        _size = 0;
        return ObjectStatus.Ok;
    }

    private ItemReply ReplaceItem(DictionaryReplace replace)
    {
        if (!_entries.TryGetValue(new ByteKey(replace.Key), out var node))
            return NotFound;
        if (!node.Value.Item.Span.SequenceEqual(replace.Expected.Span))
            return new ItemReply(node.Value.Item, ObjectStatus.Conflict);
        SetItem(node, replace.Value);
        return new ItemReply(null);
    }

    private static long MeasureItem(KeyedItem entry) => ObjectSizes.MeasureValue(entry.Key) + ObjectSizes.MeasureValue(entry.Item);

    private static ItemReply NotFound => new(null, ObjectStatus.NotFound);

    private readonly record struct KeyedItem(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Item);

    /// <summary>Bytes that are compared by content.</summary>
    private readonly struct ByteKey(ReadOnlyMemory<byte> bytes) : IEquatable<ByteKey>
    {
        private readonly ReadOnlyMemory<byte> _bytes = bytes;

        public bool Equals(ByteKey other) => _bytes.Span.SequenceEqual(other._bytes.Span);

        public override bool Equals(object? obj) => obj is ByteKey other && Equals(other);

        public override int GetHashCode() => SeededHash.ComputeBytes(_bytes.Span);
    }
}
