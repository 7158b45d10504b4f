namespace Actors.Remoting.Dispatch;

/// <summary>
/// Scheduled actions, ordered by their time. Times are rounded up to a multiple of the tick, so that one wake-up runs all actions that are
/// due at nearly the same time. Adding has a constant cost if most actions are due later than those before them, as timeouts are. Has no
/// thread and no clock.
/// </summary>
/// <param name="tick">The multiple that times are rounded up to.</param>
public sealed class TimerQueue(TimeSpan tick)
{
    /// <summary>The time between two removals of canceled actions. Most timeouts are canceled long before they are due.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private const int MinSweepCount = 1024;

    // The number preserves the order of actions that are due at the same time.
    private readonly PriorityQueue<ScheduledAction, (long Tick, long Number)> _actions = new();
    private long _added;
    private int _sweepAtCount = MinSweepCount;
    private TimeSpan _nextSweep;

    /// <summary>The number of actions, including canceled ones.</summary>
    public int Count => _actions.Count;

    /// <summary>The time when <see cref="DequeueDue"/> returns the next action; null for never.</summary>
    public TimeSpan? NextDue => _actions.TryPeek(out _, out var priority) ? TimeSpan.FromTicks(priority.Tick * tick.Ticks) : null;

    /// <summary>Adds an action.</summary>
    public void AddAction(ScheduledAction action, TimeSpan now)
    {
        _actions.Enqueue(action, (TickOf(action.Due), ++_added));
        if (_actions.Count >= _sweepAtCount)
            DropCanceled(now);
    }

    /// <summary>Moves all due actions to the end of <paramref name="due"/>.</summary>
    public void DequeueDue(TimeSpan now, List<ScheduledAction> due)
    {
        var current = now.Ticks / tick.Ticks;
        while (_actions.TryPeek(out var action, out var priority) && priority.Tick <= current)
        {
            _actions.Dequeue();
            if (!action.IsCanceled)
                due.Add(action);
        }

        if (now >= _nextSweep)
            DropCanceled(now);
    }

    /// <summary>Drops all actions.</summary>
    public void Clear() => _actions.Clear();

    private long TickOf(TimeSpan due) =>
        Math.Min(due.Ticks / tick.Ticks + (due.Ticks % tick.Ticks > 0 ? 1 : 0), TimeSpan.MaxValue.Ticks / tick.Ticks);

    private void DropCanceled(TimeSpan now)
    {
        var remaining = _actions.UnorderedItems.Where(item => !item.Element.IsCanceled).ToList();
        if (remaining.Count < _actions.Count)
        {
            _actions.Clear();
            _actions.EnqueueRange(remaining);
        }

        _sweepAtCount = Math.Max(MinSweepCount, 2 * remaining.Count);
        _nextSweep = now + SweepInterval;
    }
}
