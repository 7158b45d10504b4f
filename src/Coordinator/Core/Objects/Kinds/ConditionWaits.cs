namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Who waits on the conditions of one lock, first come, first served. They hold no lock; whoever is taken out here goes to wait for it.</summary>
internal sealed class ConditionWaits
{
    private readonly Dictionary<long, WaitingCalls> _waiting = [];
    private long _lastWait;

    /// <summary>The earliest moment at which one of them stops waiting; null when all wait for ever.</summary>
    public TimeSpan? NextDeadline => _waiting.Values.Min(waits => waits.NextDeadline);

    public void AddWait(long condition, WaitingCall call)
    {
        if (!_waiting.TryGetValue(condition, out var waits))
            waits = _waiting[condition] = new WaitingCalls();
        waits.AddCall(call);
        call.Wait = new ConditionWait(condition, ++_lastWait, NotifiedAfter: null);
    }

    /// <summary>Takes out those who have waited longest.</summary>
    public IEnumerable<WaitingCall> NotifyWaiters(long condition, long count) => TakeWaits(condition, count, _lastWait);

    /// <summary>
    /// Another in the place of one that was notified and did not live to hear of it. Only who waited already when it was notified: a
    /// notification is not kept for those who come later.
    /// </summary>
    public IEnumerable<WaitingCall> PassNotification(ConditionWait unconfirmed) =>
        unconfirmed.NotifiedAfter is { } last ? TakeWaits(unconfirmed.Condition, 1, last) : [];

    /// <summary>Takes out everybody, as notified.</summary>
    public IEnumerable<WaitingCall> NotifyAll() => _waiting.Keys.ToList().SelectMany(condition => NotifyWaiters(condition, long.MaxValue));

    /// <summary>Takes out what matches, not notified.</summary>
    public List<WaitingCall> RemoveWaits(Predicate<WaitingCall> match)
    {
        var removed = _waiting.Values.SelectMany(waits => waits.RemoveWhere(match)).OrderBy(call => call.Wait!.Value.Number).ToList();
        foreach (var condition in removed.Select(call => call.Wait!.Value.Condition).Distinct())
            RemoveIfEmpty(condition);
        return removed;
    }

    private List<WaitingCall> TakeWaits(long condition, long count, long last)
    {
        var taken = new List<WaitingCall>();
        if (!_waiting.TryGetValue(condition, out var waits))
            return taken;
        while (taken.Count < count && waits.First is { Wait: { } wait } first && wait.Number <= last)
        {
            waits.RemoveFirst();
            first.Wait = wait with { NotifiedAfter = last };
            taken.Add(first);
        }

        RemoveIfEmpty(condition);
        return taken;
    }

    private void RemoveIfEmpty(long condition)
    {
        if (_waiting.TryGetValue(condition, out var waits) && waits.IsEmpty)
            _waiting.Remove(condition);
    }
}

/// <summary>A wait on a condition.</summary>
/// <param name="Condition">Which of the conditions of the lock.</param>
/// <param name="Number">Its place among all waits on the lock's conditions.</param>
/// <param name="NotifiedAfter">The last wait that had begun when it was notified; null for one that was not.</param>
internal readonly record struct ConditionWait(long Condition, long Number, long? NotifiedAfter);
