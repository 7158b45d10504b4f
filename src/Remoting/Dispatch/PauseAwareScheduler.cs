using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// The framework's scheduler, but for one thing: in a process that has stood still (paused, swapped out, moved, starved) nothing that is overdue happens before there was
/// time to read what the process was told meanwhile. By default timers and sockets race when it wakes: a peer that has hung up answers the first heartbeat with a reset, the next one closes
/// the socket, and what lay there unread is gone, such as the ends of jobs, which a coordinator has to refuse and count.
/// </summary>
internal sealed class PauseAwareScheduler : SchedulerBase, IDisposable
{
    /// <summary>Longer than a busy machine lets a process wait, and shorter than a coordinator may be silent without being given up.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>Several times what reading takes.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BeatInterval = TimeSpan.FromMilliseconds(250);

    private readonly HashedWheelTimerScheduler _wheel;
    private readonly Action<TimeSpan> _wait;
    private TimeSpan _lastRun;

    /// <summary>Made by the actor system.</summary>
    public PauseAwareScheduler(Config config, ILoggingAdapter log)
        : this(config, log, Thread.Sleep)
    {
    }

    /// <summary>The same, which waits in that way.</summary>
    internal PauseAwareScheduler(Config config, ILoggingAdapter log, Action<TimeSpan> wait)
        : base(config, log)
    {
        _wheel = new HashedWheelTimerScheduler(config, log);
        (_wait, _lastRun) = (wait, MonotonicClock);
        // However seldom anything else is due.
        Wheel.ScheduleRepeatedly(BeatInterval, BeatInterval, ReadFirst);
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => _wheel.MonotonicClock;

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => _wheel.HighResMonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => ((ITimeProvider)_wheel).Now;

    private IActionScheduler Wheel => _wheel;

    /// <inheritdoc/>
    public void Dispose() => _wheel.Dispose();

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        InternalScheduleOnce(delay, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        InternalScheduleRepeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        InternalScheduleOnce(delay, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        InternalScheduleRepeatedly(initialDelay, interval, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Wheel.ScheduleOnce(delay, AfterReading(action), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Wheel.ScheduleRepeatedly(initialDelay, interval, AfterReading(action), cancelable);

    private Action AfterReading(Action action) => () =>
    {
        ReadFirst();
        action();
    };

    /// <summary>All that is due is run one after the other: what waits in the first makes all wait.</summary>
    private void ReadFirst()
    {
        var now = MonotonicClock;
        var isLate = now - _lastRun > LongestDelay;
        _lastRun = now;
        if (isLate)
            _wait(ReadingTime);
    }
}
