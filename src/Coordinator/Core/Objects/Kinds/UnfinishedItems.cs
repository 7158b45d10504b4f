namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Counts the unfinished items of a queue, for Python's <c>task_done</c> and <c>join</c>. Items that a process received and did not finish
/// count as finished when it dies. Otherwise a join would wait forever, as it does in Python.
/// </summary>
public sealed class UnfinishedItems
{
    private readonly Dictionary<Caller, long> _received = [];

    public long Count { get; private set; }

    /// <summary>The number of received and unfinished items of each caller.</summary>
    public IEnumerable<KeyValuePair<Caller, long>> TakenByCaller => _received;

    /// <summary>Restores the counts from a snapshot.</summary>
    public void RestoreCounts(long count, IEnumerable<KeyValuePair<Caller, long>> received)
    {
        Count = count;
        foreach (var (caller, number) in received)
            _received[caller] = number;
    }

    /// <summary>Counts a new item.</summary>
    public void CountPut() => Count++;

    /// <summary>Counts items that a caller has received.</summary>
    public void CountTaken(Caller caller, int count) => _received[caller] = _received.GetValueOrDefault(caller) + count;

    /// <summary>Marks items as finished.</summary>
    /// <returns>False if fewer items were unfinished.</returns>
    public bool MarkDone(Caller caller, long count)
    {
        if (count < 0 || count > Count)
            return false;
        Count -= count;
        if (_received.TryGetValue(caller, out var received))
            _received[caller] = Math.Max(0, received - count);
        return true;
    }

    /// <summary>Marks an acknowledged item as finished.</summary>
    public void MarkAcknowledged() => Count = Math.Max(0, Count - 1);

    /// <summary>Removes a caller. Its received items count as finished.</summary>
    public void RemoveCaller(Caller caller)
    {
        if (_received.Remove(caller, out var received))
            Count = Math.Max(0, Count - received);
    }
}
