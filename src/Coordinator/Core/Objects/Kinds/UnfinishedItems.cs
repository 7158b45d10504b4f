namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// How many items of a queue have not been dealt with: Python's <c>task_done</c> and <c>join</c>. What a process had taken and not said to be done
/// counts as done when it dies: whoever joins would wait for ever, as Python's does.
/// </summary>
internal sealed class UnfinishedItems
{
    private readonly Dictionary<Caller, long> _taken = [];

    public long Count { get; private set; }

    /// <summary>Who has taken how many and not said to be done with them.</summary>
    public IEnumerable<KeyValuePair<Caller, long>> TakenByCaller => _taken;

    /// <summary>Becomes what was written down.</summary>
    public void RestoreCounts(long count, IEnumerable<KeyValuePair<Caller, long>> taken)
    {
        Count = count;
        foreach (var (caller, number) in taken)
            _taken[caller] = number;
    }

    /// <summary>An item was put in.</summary>
    public void CountPut() => Count++;

    /// <summary>The process has items in hand.</summary>
    public void CountTaken(Caller caller, int count) => _taken[caller] = _taken.GetValueOrDefault(caller) + count;

    /// <summary>So many have been dealt with.</summary>
    /// <returns>Whether so many were unfinished.</returns>
    public bool MarkDone(Caller caller, long count)
    {
        if (count < 0 || count > Count)
            return false;
        Count -= count;
        if (_taken.TryGetValue(caller, out var taken))
            _taken[caller] = Math.Max(0, taken - count);
        return true;
    }

    /// <summary>The process is gone.</summary>
    public void RemoveCaller(Caller caller)
    {
        if (_taken.Remove(caller, out var taken))
            Count = Math.Max(0, Count - taken);
    }
}
