using Actors.Messages;

namespace Actors.Testing;

/// <summary>
/// A clock that stands still until <see cref="Advance"/> or a simulation moves it. Timers fire on the thread that moves the clock, in the
/// order of their times. Thread-safe.
/// </summary>
public sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _access = new();
    private readonly SortedSet<VirtualTimer> _timers = [];
    private TimeSpan _now;
    private TimeSpan _utcOffset;
    private long _lastTimer;
    private long _created;
    private int _foreground;

    /// <summary>
    /// Gets the clock of the simulation that runs the calling code; the system's clock outside of simulations. A job of a simulated or
    /// manual pool, or of an inline pool with a <see cref="VirtualClock"/>, finds its clock here.
    /// </summary>
    public static TimeProvider Current => SimulatedThread.Current switch
    {
        SimulationScheduler simulation => simulation.Clock,
        JobThread job => job.Clock,
        _ => System,
    };

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_access)
            return Start + _now + _utcOffset;
    }

    /// <summary>Gets the time that has passed since the clock was created.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_access)
                return _now;
        }
    }

    /// <summary>Raised when a timer was started.</summary>
    internal event Action? TimerStarted;

    /// <summary>Whether a timer is running that is not of the simulation itself.</summary>
    internal bool HasForegroundTimer
    {
        get
        {
            lock (_access)
                return _foreground > 0;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StartTimer(new VirtualTimer(this, callback, state, isBackground: false), dueTime, period);
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

    /// <summary>
    /// Sets the time of day forward or back, as an operator does. Timers and the measured time (<see cref="GetTimestamp"/>) do not change.
    /// </summary>
    /// <param name="time">The change.</param>
    public void JumpUtc(TimeSpan time)
    {
        lock (_access)
            _utcOffset += time;
    }

    /// <summary>Calls back once, on a timer of the simulation itself.</summary>
    internal ITimer StartBackgroundTimer(TimeSpan time, Action callback) =>
        StartTimer(new VirtualTimer(this, _ => callback(), null, isBackground: true), time, Timeout.InfiniteTimeSpan);

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <param name="beforeCode">Called before a timer fires that is not of the simulation itself: its code may block.</param>
    /// <returns>True when there was a timer.</returns>
    internal bool AdvanceToNextTimer(Action beforeCode)
    {
        if (TakeDue(TimeSpan.MaxValue) is not { } timer)
            return false;
        if (!timer.IsBackground)
            beforeCode();
        timer.Fire();
        return true;
    }

    /// <summary>Moves the clock to the next timer that fires once, and fires it and those before it.</summary>
    /// <returns>True when there was such a timer.</returns>
    internal bool AdvanceToNextSingleTimer()
    {
        TimeSpan due;
        lock (_access)
        {
            if (_timers.FirstOrDefault(timer => !timer.IsPeriodic) is not { } next)
                return false;
            due = next.Due;
        }

        Advance(due > Elapsed ? due - Elapsed : TimeSpan.Zero);
        return true;
    }

    /// <summary>The number of the timer that was created last.</summary>
    internal long LastTimer
    {
        get
        {
            lock (_access)
                return _created;
        }
    }

    /// <summary>Moves the clock to the next of the timers that were created after another one, and fires it and those before it.</summary>
    /// <returns>True when there was such a timer.</returns>
    internal bool AdvanceToTimerAfter(long created)
    {
        TimeSpan due;
        lock (_access)
        {
            if (_timers.FirstOrDefault(timer => timer.Created > created) is not { } next)
                return false;
            due = next.Due;
        }

        Advance(due > Elapsed ? due - Elapsed : TimeSpan.Zero);
        return true;
    }

    private long CountTimer()
    {
        lock (_access)
            return ++_created;
    }

    private static VirtualTimer StartTimer(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        timer.Change(dueTime, period);
        return timer;
    }

    private VirtualTimer? TakeDue(TimeSpan target)
    {
        lock (_access)
        {
            if (_timers.Min is not { } next || next.Due > target)
                return null;
            _now = next.Due > _now ? next.Due : _now;
            RemoveTimer(next);
            if (next.IsPeriodic)
                AddTimer(next, next.Due + next.Period);
            return next;
        }
    }

    private void Schedule(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_access)
        {
            RemoveTimer(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Period = period;
            AddTimer(timer, _now + dueTime);
        }

        TimerStarted?.Invoke();
    }

    private void AddTimer(VirtualTimer timer, TimeSpan due)
    {
        (timer.Due, timer.Number) = (due, ++_lastTimer);
        _timers.Add(timer);
        _foreground += timer.IsBackground ? 0 : 1;
    }

    private void RemoveTimer(VirtualTimer timer)
    {
        if (_timers.Remove(timer))
            _foreground -= timer.IsBackground ? 0 : 1;
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, bool isBackground)
        : ITimer, IComparable<VirtualTimer>
    {
        /// <summary>The simulated process that started the timer: it must not fire after the end of the process, or in a pause.</summary>
        private readonly SimulatedRun? _run = isBackground ? null : SimulatedRun.Current;

        public bool IsBackground => isBackground;

        /// <summary>The position among all created timers.</summary>
        public long Created { get; } = clock.CountTimer();

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public long Number { get; set; }

        public bool IsPeriodic => Period > TimeSpan.Zero;

        public void Fire()
        {
            if (_run is null)
                callback(state);
            else
                _run.RunCode(() => callback(state));
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime, period);
            return true;
        }

        public int CompareTo(VirtualTimer? other) =>
            other is null ? 1 : (Due, Number).CompareTo((other.Due, other.Number));

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
