using System.Buffers.Binary;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Delivers the item with the lowest priority first, the oldest of equal ones. A payload begins with the length of its priority and the
/// priority, encoded so that the order of bytes is the order of priorities.
/// </summary>
public sealed class PriorityOrder : IQueueOrder
{
    private readonly SortedSet<QueueItem> _items = new(Comparer<QueueItem>.Create(static (left, right) =>
        PriorityOf(left).SequenceCompareTo(PriorityOf(right)) is not 0 and var order ? order : left.Position.CompareTo(right.Position)));

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public IEnumerable<QueueItem> Items => _items;

    /// <inheritdoc/>
    public QueueItem NextItem => _items.Min;

    /// <inheritdoc/>
    public void AddItem(QueueItem item) => _items.Add(item);

    /// <inheritdoc/>
    public void RemoveNext() => _items.Remove(_items.Min);

    /// <summary>Gets the encoded priority. A malformed payload has the lowest one.</summary>
    private static ReadOnlySpan<byte> PriorityOf(QueueItem item)
    {
        var payload = item.Payload.Span;
        if (payload.Length < sizeof(int))
            return [];
        var length = BinaryPrimitives.ReadInt32LittleEndian(payload);
        return length >= 0 && length <= payload.Length - sizeof(int) ? payload.Slice(sizeof(int), length) : [];
    }
}
