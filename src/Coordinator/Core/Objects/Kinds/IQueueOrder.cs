namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Which item of a queue comes next. An item that comes back goes to where it stood.</summary>
internal interface IQueueOrder
{
    int Count { get; }

    /// <summary>All items; put in again in this order, they are in the order that they were.</summary>
    IEnumerable<QueueItem> Items { get; }

    /// <summary>The next one; there must be one.</summary>
    QueueItem NextItem { get; }

    /// <summary>Takes in an item, new or come back.</summary>
    void AddItem(QueueItem item);

    /// <summary>Takes out the next one.</summary>
    void RemoveNext();
}
