namespace Actors.Coordinator.Objects.Kinds;

/// <summary>The order in which a queue delivers its items. A returned item gets its old position.</summary>
public interface IQueueOrder
{
    int Count { get; }

    /// <summary>All items. Adding them in this order restores the same order.</summary>
    IEnumerable<QueueItem> Items { get; }

    /// <summary>The next item. The queue must not be empty.</summary>
    QueueItem NextItem { get; }

    /// <summary>Adds a new or returned item.</summary>
    void AddItem(QueueItem item);

    /// <summary>Removes the next item.</summary>
    void RemoveNext();
}
