using Akka.Configuration;
using Akka.Event;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// A <see cref="SleepingScheduler"/> that gives a process time to read messages after a pause (stopped, swapped out, migrated, starved)
/// before overdue timers run. By default, timers and sockets race after a pause: a peer that has disconnected answers the first heartbeat
/// with a reset, the next heartbeat closes the socket, and unread messages are lost. They may report the end of jobs, which a coordinator
/// has to refuse and count.
/// </summary>
public sealed class PauseAwareScheduler : SleepingScheduler
{
    /// <summary>
    /// A longer delay counts as a pause. It is longer than delays on a busy machine, and shorter than the silence after which a coordinator
    /// is downed.
    /// </summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    /// <summary>Several times the time that reading takes.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);

    private readonly Action<TimeSpan> _wait;
    private TimeSpan _lastRun;

    /// <summary>Called by the actor system.</summary>
    public PauseAwareScheduler(Config config, ILoggingAdapter log)
        : this(config, log, Thread.Sleep)
    {
    }

    /// <summary>A scheduler with its own way to wait, for tests.</summary>
    internal PauseAwareScheduler(Config config, ILoggingAdapter log, Action<TimeSpan> wait)
        : base(config, log) => _wait = wait;

    /// <summary>
    /// Detects a pause by a late action. Cluster members have several actions each second, so none needs to be added. Overdue actions run
    /// one after the other: waiting before the first delays all of them.
    /// </summary>
    protected override void BeforeAction(TimeSpan due)
    {
        var now = MonotonicClock;
        var isLate = now - (due > _lastRun ? due : _lastRun) > MaxDelay;
        _lastRun = now;
        if (isLate)
            _wait(ReadingTime);
    }
}
