namespace Actors.Messages.Collections;

/// <summary>The values that were added last. Not thread-safe.</summary>
/// <param name="capacity">The number of values; an older value is removed for a new one.</param>
public sealed class RecentSet<T>(int capacity)
{
    private readonly HashSet<T> _values = [];
    private readonly Queue<T> _order = new();

    /// <summary>Adds a value.</summary>
    public void Add(T value)
    {
        if (!_values.Add(value))
            return;
        _order.Enqueue(value);
        if (_order.Count > capacity)
            _values.Remove(_order.Dequeue());
    }

    /// <summary>Whether the value is among the last ones.</summary>
    public bool Contains(T value) => _values.Contains(value);
}
