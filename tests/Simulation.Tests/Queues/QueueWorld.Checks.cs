using Actors.Checkers;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;
using Actors.Simulation.Tests.Objects;

namespace Actors.Simulation.Tests.Queues;

/// <content>The checks of each reply, and of the items at the end.</content>
internal sealed partial class QueueWorld
{
    /// <summary>Producers of items with keys. Each has one item, so that these have no order.</summary>
    private const long FirstKeyedProducer = 1_000_000;

    /// <summary>The time by which a timer may be late.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private readonly HashSet<QueueHistoryItem> _refused = [];
    private readonly HashSet<QueueHistoryItem> _received = [];
    private readonly HashSet<long> _newKeys = [];
    private readonly Dictionary<long, QueueHistoryItem> _itemOfKey = [];
    private readonly HashSet<QueueHistoryItem> _keyed = [];
    private bool _mayReorder;
    private long _lastUncertain;

    public QueueHistory Items { get; } = new();

    /// <summary>Finds the item of a key. A key has two items, of which the queue accepts one.</summary>
    public QueueHistoryItem FindKeyedItem(int key, int variant)
    {
        var item = new QueueHistoryItem(FirstKeyedProducer + key * 2 + variant, 1);
        if (_keyed.Add(item))
            Items.RecordPut(item);
        return item;
    }

    /// <summary>A call without a timeout waits for capacity or an item; another one as long as its timeout.</summary>
    public void CheckTimeout(OpenCall call, ObjectReply reply, TimeSpan now)
    {
        if (reply.Status is not (ObjectStatus.Full or ObjectStatus.Empty))
            return;
        Require(call.Timeout >= 0, Invariant.Timeout, $"{call.Operation} without a timeout ended as {reply.Status}.");
        Require(
            now - call.Since + Tolerance >= TimeSpan.FromMilliseconds(call.Timeout), Invariant.Timeout,
            $"{call.Operation} with a timeout of {call.Timeout} ms ended after {(now - call.Since).TotalMilliseconds:0} ms.");
    }

    public void CheckCount(ObjectReply? reply) => Require(
        reply is null or { Status: ObjectStatus.Ok, Number: >= 0 }, Invariant.Contents, $"The count is {reply?.Status} {reply?.Number}.");

    public void OnPut(QueueHistoryItem[] items, ObjectReply? reply)
    {
        if (reply is null)
            return;
        // A bounded queue stores the items of a waiting put one after the other, until the program is taken for dead.
        Require(
            reply.Status is ObjectStatus.Ok or ObjectStatus.Full || (reply.Status == ObjectStatus.Unreachable && Capacity > 0),
            Invariant.Delivery, $"A put ended as {reply.Status}.");
        Require(
            (reply.Status == ObjectStatus.Ok) == (reply.Number == items.Length),
            Invariant.Delivery, $"A put of {items.Length} items ended as {reply.Status} with {reply.Number}.");
        foreach (var item in items.Take((int)reply.Number))
            Items.RecordAcknowledgment(item);
        _refused.UnionWith(items.Skip((int)reply.Number));
        CheckRefused();
    }

    public void OnPutOnce(QueueHistoryItem item, long key, ObjectReply? reply)
    {
        if (reply is null or { Status: ObjectStatus.Full })
            return;
        var isKnown = _itemOfKey.TryGetValue(key, out var known);
        switch (reply.Status)
        {
            case ObjectStatus.Ok:
                Require(!isKnown || known == item, Invariant.OneKey, $"The key {key} names {known} and {item}.");
                Require(reply.Number == 0 || _newKeys.Add(key), Invariant.OneKey, $"The key {key} was new twice.");
                _itemOfKey[key] = item;
                Items.RecordAcknowledgment(item);
                break;
            case ObjectStatus.Conflict:
                Require(!isKnown || known != item, Invariant.OneKey, $"The key {key} is refused for its own item.");
                break;
            default:
                Require(false, Invariant.OneKey, $"A put with a key ended as {reply.Status}.");
                break;
        }
    }

    public void OnGet(long consumer, long get, int most, ObjectReply? reply)
    {
        // An item may return to its position after others have passed.
        _mayReorder |= reply is null;
        if (reply is not { Status: ObjectStatus.Ok })
            return;
        Require(
            reply.Payloads.Length > 0 && reply.Payloads.Length <= most,
            Invariant.Delivery, $"{reply.Payloads.Length} items were delivered to a call for {most}.");
        foreach (var payload in reply.Payloads)
            RecordDelivery(ObjectWorld.DecodeItem(payload), consumer, get);
    }

    /// <summary>An item was received, and is not acknowledged yet.</summary>
    public QueueLease? OnReceive(long consumer, long get, ObjectReply? reply)
    {
        _mayReorder |= reply is null;
        if (reply is not { Status: ObjectStatus.Ok })
            return null;
        var item = ObjectWorld.DecodeItem(reply.Payloads[0]);
        CheckItem(item);
        return new QueueLease(reply.Number, item, consumer, get);
    }

    public void OnAcknowledged(QueueLease lease, ObjectReply? reply)
    {
        if (reply is { Status: ObjectStatus.Ok })
        {
            RecordDelivery(lease.Item, lease.Consumer, lease.Get);
        }
        else if (reply is null)
        {
            // The acknowledgment may have been lost with its program.
            var consumer = --_lastUncertain;
            Items.RecordDeath(consumer);
            Items.RecordDelivery(lease.Item, consumer, lease.Get);
        }
        else
        {
            CheckLost(lease);
        }
    }

    public void OnReturned(QueueLease lease, ObjectReply? reply)
    {
        _mayReorder = true;
        if (reply is not (null or { Status: ObjectStatus.Ok }))
            CheckLost(lease);
    }

    /// <summary>The items of each producer kept their order, if none has returned to the queue.</summary>
    private void CheckOrder()
    {
        if (KeepsOrder && !_mayReorder)
            RequireNone(Items.FindViolations().Where(IsOvertaken));
    }

    /// <summary>All acknowledged items were delivered, no refused one, and each once.</summary>
    private void CheckItems()
    {
        CheckRefused();
        RequireNone(Items.FindViolations().Where(text => !IsOvertaken(text)));
    }

    private static bool IsOvertaken(string violation) => violation.Contains("requested after");

    private void RequireNone(IEnumerable<string> violations)
    {
        var first = violations.FirstOrDefault();
        Require(first is null, Invariant.Delivery, $"{first}");
    }

    /// <summary>The lease of an item has ended before the program ended it. Only a program that was taken for dead loses one.</summary>
    private void CheckLost(QueueLease lease) => Require(
        _programs.TrueForAll(program => program.Consumer != lease.Consumer),
        Invariant.Delivery, $"A living program no longer has the received {lease.Item}.");

    private void RecordDelivery(QueueHistoryItem item, long consumer, long get)
    {
        CheckItem(item);
        Items.RecordDelivery(item, consumer, get);
        Require(Items.Violations.Count == 0, Invariant.Delivery, $"{Items.Violations[0]}");
    }

    private void CheckItem(QueueHistoryItem item)
    {
        _received.Add(item);
        CheckRefused();
        if (item.Producer < FirstKeyedProducer)
            return;
        var key = (item.Producer - FirstKeyedProducer) / 2;
        Require(
            _itemOfKey.TryAdd(key, item) || _itemOfKey[key] == item,
            Invariant.OneKey, $"The key {key} names {_itemOfKey[key]}, and {item} was delivered.");
    }

    private void CheckRefused() => Require(
        !_refused.Overlaps(_received), Invariant.Delivery, $"An item was refused and delivered.");
}
