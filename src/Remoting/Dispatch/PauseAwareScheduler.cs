using Akka.Configuration;
using Akka.Event;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// The <see cref="SleepingScheduler"/>, but in a process that has stood still (paused, swapped out, moved, starved) nothing that is overdue
/// happens before there was time to read what the process was told meanwhile. By default timers and sockets race when it wakes: a peer that
/// has hung up answers the first heartbeat with a reset, the next one closes the socket, and what lay there unread is gone, such as the ends of
/// jobs, which a coordinator has to refuse and count.
/// </summary>
internal sealed class PauseAwareScheduler : SleepingScheduler
{
    /// <summary>Longer than a busy machine lets a process wait, and shorter than a coordinator may be silent without being given up.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    /// <summary>Several times what reading takes.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);

    private readonly Action<TimeSpan> _wait;
    private TimeSpan _lastRun;

    /// <summary>Called by the actor system.</summary>
    public PauseAwareScheduler(Config config, ILoggingAdapter log)
        : this(config, log, Thread.Sleep)
    {
    }

    /// <summary>The same, which waits in that way.</summary>
    internal PauseAwareScheduler(Config config, ILoggingAdapter log, Action<TimeSpan> wait)
        : base(config, log) => _wait = wait;

    /// <summary>
    /// A late action shows that the process stood still. Cluster members have several each second, so that none need be added for this. All that is
    /// overdue runs one after the other: the wait before the first makes all wait.
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
