namespace Actors.Client.Tests.Pools;

/// <summary>Time that passes when it is told to, and calls timers on the thread that tells it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly List<VirtualTimer> _timers = [];

    public TimeSpan Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        Now += time;
        foreach (var timer in _timers.ToList())
            timer.CallIfDue();
    }

    private sealed class VirtualTimer(VirtualClock clock, Action call) : ITimer
    {
        private TimeSpan? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (_due, _period) = (dueTime < TimeSpan.Zero ? null : clock.Now + dueTime, period);
            return true;
        }

        public void CallIfDue()
        {
            if (_due is not { } due || due > clock.Now)
                return;
            _due = _period > TimeSpan.Zero ? clock.Now + _period : null;
            call();
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
