using System.Globalization;

namespace Actors.Chaos.Load;

/// <summary>
/// Checks that each item of a queue reaches one consumer, in the order of its producer. An item whose put failed may arrive once or not at
/// all. Thread-safe.
/// </summary>
/// <param name="violations">Receives the violations.</param>
internal sealed class QueueLedger(Violations violations)
{
    private readonly Lock _access = new();
    private readonly HashSet<long> _stored = [];
    private readonly HashSet<long> _received = [];
    private readonly Dictionary<int, long> _lastOfConsumer = [];
    private long _last;

    /// <summary>The number of received items.</summary>
    public long Received
    {
        get
        {
            lock (_access)
                return _received.Count;
        }
    }

    /// <summary>Whether every stored item was received.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_access)
                return _stored.IsSubsetOf(_received);
        }
    }

    /// <summary>Gets the next item to put, from 1.</summary>
    public long CreateItem()
    {
        lock (_access)
            return ++_last;
    }

    /// <summary>Records that the queue has confirmed an item.</summary>
    public void RecordStored(long item)
    {
        lock (_access)
            _stored.Add(item);
    }

    /// <summary>Records that a consumer received an item.</summary>
    public void RecordReceived(int consumer, long item)
    {
        lock (_access)
        {
            if (item < 1 || item > _last)
                violations.Add(Format($"The queue delivered {item}, which nobody put."));
            else if (!_received.Add(item))
                violations.Add(Format($"Queue item {item} was delivered twice."));
            if (_lastOfConsumer.GetValueOrDefault(consumer) is var before && before > item)
                violations.Add(Format($"Consumer {consumer} received queue item {item} after {before}."));
            _lastOfConsumer[consumer] = item;
        }
    }

    /// <summary>Adds a violation for each stored item that was not received.</summary>
    public void RequireAllReceived()
    {
        lock (_access)
        {
            foreach (var item in _stored.Except(_received).Order())
                violations.Add(Format($"Queue item {item} was stored and never delivered."));
        }
    }

    /// <summary>Forgets the items of a queue that was lost with its coordinator. Only queues without a store may be lost.</summary>
    public void ForgetLostQueue()
    {
        lock (_access)
            _stored.IntersectWith(_received);
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
