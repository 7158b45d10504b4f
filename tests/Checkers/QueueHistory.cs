namespace Actors.Checkers;

/// <summary>
/// The history of a first-in, first-out queue: each acknowledged item reaches exactly one live consumer, in the order of its producer. Not
/// thread-safe. The order of the calls is the order of time.
/// </summary>
public sealed class QueueHistory
{
    private readonly Dictionary<QueueHistoryItem, ItemRecord> _items = [];
    private readonly HashSet<long> _dead = [];
    private readonly List<string> _violations = [];
    private long _clock;

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Records the begin of a put. The numbers of a producer grow with each item.</summary>
    public void RecordPut(QueueHistoryItem item) => _items.Add(item, new ItemRecord());

    /// <summary>Records that the queue has confirmed the put.</summary>
    public void RecordAcknowledgment(QueueHistoryItem item) => Find(item).IsAcknowledged = true;

    /// <summary>Records the begin of a get.</summary>
    /// <returns>The number of the get for <see cref="RecordDelivery"/>.</returns>
    public long RecordGet() => ++_clock;

    /// <summary>Records that a consumer has received an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="consumer">The consumer.</param>
    /// <param name="get">The number of its get.</param>
    /// <param name="isSilent">Whether the consumer was then silent for so long that the queue may deliver the item again.</param>
    public void RecordDelivery(QueueHistoryItem item, long consumer, long get, bool isSilent = false)
    {
        var record = Find(item);
        // An item on its way to a consumer that the queue takes for dead may still arrive.
        foreach (var other in record.Deliveries.Where(
            other => !_dead.Contains(consumer) && !_dead.Contains(other.Consumer) && !other.IsSilent))
            _violations.Add($"{item} was delivered to consumer {other.Consumer} and to consumer {consumer}, and both live.");
        record.Deliveries.Add(new Delivery(consumer, get, ++_clock, isSilent));
    }

    /// <summary>Records that a consumer has died, or gave up an item that it had not confirmed. Its items may be delivered again.</summary>
    public void RecordDeath(long consumer) => _dead.Add(consumer);

    /// <summary>
    /// Completes the check when the queue was emptied after the last fault: nothing acknowledged is missing, and no producer was overtaken.
    /// </summary>
    public IReadOnlyList<string> FindViolations() => [.. _violations, .. FindLost(), .. FindOvertaken()];

    private IEnumerable<string> FindLost() =>
        from item in _items
        where item.Value is { IsAcknowledged: true, Deliveries.Count: 0 }
        select $"{item.Key} was acknowledged and reached no consumer.";

    /// <summary>
    /// Finds an item whose get began after a later item of its producer had arrived. An item that a dead consumer may have taken is left
    /// out: it returned to its position after others had passed.
    /// </summary>
    private IEnumerable<string> FindOvertaken()
    {
        foreach (var producer in _items.Where(item => item.Value.Deliveries.Count == 1).GroupBy(item => item.Key.Producer))
        {
            var earliest = (At: long.MaxValue, Item: default(QueueHistoryItem));
            foreach (var (item, record) in producer.OrderByDescending(item => item.Key.Number))
            {
                var delivery = record.Deliveries[0];
                if (delivery.Get > earliest.At)
                    yield return $"{item} was requested after {earliest.Item} of the same producer had arrived.";
                if (delivery.At < earliest.At && !_dead.Contains(delivery.Consumer))
                    earliest = (delivery.At, item);
            }
        }
    }

    private ItemRecord Find(QueueHistoryItem item)
    {
        if (_items.TryGetValue(item, out var record))
            return record;
        _violations.Add($"{item} was never put.");
        return _items[item] = new ItemRecord();
    }

    private sealed record Delivery(long Consumer, long Get, long At, bool IsSilent);

    private sealed class ItemRecord
    {
        public bool IsAcknowledged { get; set; }

        public List<Delivery> Deliveries { get; } = [];
    }
}

/// <summary>An item of a queue, known by its producer and its number among the producer's items.</summary>
public readonly record struct QueueHistoryItem(long Producer, long Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"Item {Number} of producer {Producer}";
}
