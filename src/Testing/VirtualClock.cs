namespace Actors.Testing;

/// <summary>
/// A clock that stands still until <see cref="Advance"/> moves it. Timers fire on the thread that advances the clock, in the order of their
/// times. Thread-safe.
/// </summary>
public sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _access = new();
    private readonly List<VirtualTimer> _timers = [];
    private TimeSpan _now;
    private long _lastTimer;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    /// <summary>Gets the time that has passed since the clock was created.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_access)
                return _now;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward, and fires the timers that become due.</summary>
    /// <param name="time">The time to move by; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var target = Elapsed + time;
        while (TakeDue(target) is { } timer)
            timer.Fire();
        lock (_access)
            _now = target > _now ? target : _now;
    }

    /// <summary>Moves the clock to the next timer that fires once, and fires it and those before it.</summary>
    /// <returns>True when there was such a timer.</returns>
    internal bool AdvanceToNextTimer()
    {
        TimeSpan due;
        lock (_access)
        {
            if (_timers.Where(timer => !timer.IsPeriodic).MinBy(timer => timer.Due) is not { } next)
                return false;
            due = next.Due;
        }

        Advance(due > Elapsed ? due - Elapsed : TimeSpan.Zero);
        return true;
    }

    private VirtualTimer? TakeDue(TimeSpan target)
    {
        lock (_access)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(timer => (timer.Due, timer.Number));
            if (next is null)
                return null;
            _now = next.Due > _now ? next.Due : _now;
            if (next.IsPeriodic)
                next.Due += next.Period;
            else
                _timers.Remove(next);
            return next;
        }
    }

    private void Schedule(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_access)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            (timer.Due, timer.Period, timer.Number) = (_now + dueTime, period, ++_lastTimer);
            _timers.Add(timer);
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public long Number { get; set; }

        public bool IsPeriodic => Period > TimeSpan.Zero;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
