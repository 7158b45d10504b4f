namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Delivers items in the order of insertion: the oldest or the newest first.</summary>
public sealed class InsertionOrder(bool newestFirst) : IQueueOrder
{
    private readonly LinkedList<QueueItem> _items = new();

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public IEnumerable<QueueItem> Items => _items;

    /// <inheritdoc/>
    public QueueItem NextItem => (newestFirst ? _items.Last : _items.First)!.Value;

    /// <summary>
    /// Adds an item. A returned item is searched from the end at which items are taken, because its old position is near.
    /// </summary>
    public void AddItem(QueueItem item)
    {
        if (_items.Last is not { } last || last.Value.Position < item.Position)
            _items.AddLast(item);
        else if (newestFirst)
            AddAfterOlder(last, item);
        else
            AddBeforeNewer(_items.First!, item);
    }

    /// <inheritdoc/>
    public void RemoveNext()
    {
        if (newestFirst)
            _items.RemoveLast();
        else
            _items.RemoveFirst();
    }

    private void AddBeforeNewer(LinkedListNode<QueueItem> node, QueueItem item)
    {
        while (node.Value.Position < item.Position)
            node = node.Next!;
        _items.AddBefore(node, item);
    }

    private void AddAfterOlder(LinkedListNode<QueueItem> node, QueueItem item)
    {
        for (var next = node; next is not null; next = next.Previous)
        {
            if (next.Value.Position < item.Position)
            {
                _items.AddAfter(next, item);
                return;
            }
        }

        _items.AddFirst(item);
    }
}
