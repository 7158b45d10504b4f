using Actors.Messages.Collections;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// The calls that wait on the conditions of one lock, first come, first served. They do not hold the lock. A removed call waits for the
/// lock next.
/// </summary>
public sealed class ConditionWaits
{
    private readonly Dictionary<long, WaitingCalls> _waiting = new(SeededComparer<long>.Instance);
    private long _lastWait;

    /// <summary>The earliest deadline. Null if no call has one.</summary>
    public TimeSpan? NextDeadline => _waiting.Values.Min(waits => waits.NextDeadline);

    public void AddWait(long condition, WaitingCall call)
    {
        if (!_waiting.TryGetValue(condition, out var waits))
            waits = _waiting[condition] = new WaitingCalls();
        waits.AddCall(call);
        call.Wait = new NotifiableWait(condition, ++_lastWait, NotifiedAfter: null);
    }

    /// <summary>Removes and returns the calls that have waited longest, as notified.</summary>
    public IEnumerable<WaitingCall> NotifyWaiters(long condition, long count) => TakeWaits(condition, count, _lastWait);

    /// <summary>
    /// Notifies another call instead of a notified one whose process died before it knew. Only calls that already waited then are notified:
    /// a notification is not stored for later calls.
    /// </summary>
    public IEnumerable<WaitingCall> PassNotification(NotifiableWait unconfirmed) =>
        unconfirmed.NotifiedAfter is { } last ? TakeWaits(unconfirmed.Condition, 1, last) : [];

    /// <summary>Removes and returns all calls, as notified.</summary>
    public IEnumerable<WaitingCall> NotifyAll() => _waiting.Keys.ToList().SelectMany(condition => NotifyWaiters(condition, long.MaxValue));

    /// <summary>Removes and returns the matching calls, not notified.</summary>
    public List<WaitingCall> RemoveWaits(Predicate<WaitingCall> match)
    {
        var removed = _waiting.Values.SelectMany(waits => waits.RemoveWhere(match)).OrderBy(call => call.Wait!.Value.Number).ToList();
        foreach (var condition in removed.Select(call => call.Wait!.Value.Condition).Distinct())
            RemoveIfEmpty(condition);
        return removed;
    }

    private List<WaitingCall> TakeWaits(long condition, long count, long last)
    {
        var notified = new List<WaitingCall>();
        if (!_waiting.TryGetValue(condition, out var waits))
            return notified;
        while (notified.Count < count && waits.First is { Wait: { } wait } first && wait.Number <= last)
        {
            waits.RemoveFirst();
            first.Wait = wait with { NotifiedAfter = last };
            notified.Add(first);
        }

        RemoveIfEmpty(condition);
        return notified;
    }

    private void RemoveIfEmpty(long condition)
    {
        if (_waiting.TryGetValue(condition, out var waits) && waits.IsEmpty)
            _waiting.Remove(condition);
    }
}

/// <summary>A wait on a condition.</summary>
/// <param name="Condition">The condition of the lock.</param>
/// <param name="Number">The position among all waits on the lock's conditions.</param>
/// <param name="NotifiedAfter">The last wait that had begun when this one was notified. Null if it was not notified.</param>
public readonly record struct NotifiableWait(long Condition, long Number, long? NotifiedAfter);
