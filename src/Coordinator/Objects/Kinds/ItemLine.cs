namespace Actors.Coordinator.Objects.Kinds;

/// <summary>The items of a queue, always in the order of their sequence numbers: a ring that grows.</summary>
internal sealed class ItemLine
{
    // A ring that was once large is given back to the collector when it runs empty.
    private const int KeptWhenEmpty = 1024;
    private QueuedItem[] _ring = new QueuedItem[16];
    private int _first;

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    /// <summary>The first item, left in its place. There must be one.</summary>
    internal QueuedItem Peek() => _ring[_first];

    /// <summary>Adds an item with the largest sequence number.</summary>
    internal void Add(QueuedItem item)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_first + Count) & (_ring.Length - 1)] = item;
        Count++;
    }

    /// <summary>Takes the first item. There must be one.</summary>
    internal QueuedItem Take()
    {
        var item = _ring[_first];
        _ring[_first] = default;
        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        if (Count == 0 && _ring.Length > KeptWhenEmpty)
            (_ring, _first) = (new QueuedItem[16], 0);
        return item;
    }

    /// <summary>
    /// Puts items back where they were. Only other returned items can stand before them, so the work is in the number of those, not
    /// in the length of the queue.
    /// </summary>
    /// <param name="items">In the order of their sequence numbers.</param>
    internal void Restore(ReadOnlySpan<QueuedItem> items)
    {
        var ahead = new List<QueuedItem>();
        while (Count > 0 && items.Length > 0 && Peek().Sequence < items[^1].Sequence)
            ahead.Add(Take());
        int left = ahead.Count - 1;
        for (int right = items.Length - 1; right >= 0; right--)
        {
            for (; left >= 0 && ahead[left].Sequence > items[right].Sequence; left--)
                AddFirst(ahead[left]);
            AddFirst(items[right]);
        }

        for (; left >= 0; left--)
            AddFirst(ahead[left]);
    }

    private void AddFirst(QueuedItem item)
    {
        if (Count == _ring.Length)
            Grow();
        _first = (_first - 1) & (_ring.Length - 1);
        _ring[_first] = item;
        Count++;
    }

    // The length is a power of two, so that a mask finds the place.
    private void Grow()
    {
        var larger = new QueuedItem[checked(_ring.Length * 2)];
        int tail = _ring.Length - _first;
        Array.Copy(_ring, _first, larger, 0, tail);
        Array.Copy(_ring, 0, larger, tail, _first);
        (_ring, _first) = (larger, 0);
    }
}
