using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Actors.Remoting.Membership;

/// <summary>
/// The failure detector of the framework, except that a process that was paused itself (stopped, swapped out, migrated, starved) does not
/// suspect its peers. By default, such a process finds all peers silent after the pause and reports that. A client would consider its
/// coordinator lost. A report of a member that fails right afterwards would stay, and the split-brain resolver would take it for a network
/// in which members reach only some of the others, and down all of them.
/// </summary>
public sealed class PauseAwareFailureDetector : PhiAccrualFailureDetector
{
    private readonly long _acceptablePause;
    private readonly Clock _clock;
    private long _lastAsked;

    /// <summary>Called by the actor system, once for each watched member or process.</summary>
    public PauseAwareFailureDetector(Config config, EventStream events)
        : base(config, events) => (_acceptablePause, _clock, _lastAsked) =
            ((long)config.GetTimeSpan("acceptable-heartbeat-pause", null).TotalMilliseconds, DefaultClock, DefaultClock());

    /// <summary>A detector with its own clock in milliseconds, for tests.</summary>
    internal PauseAwareFailureDetector(TimeSpan heartbeatInterval, TimeSpan acceptablePause, Clock clock)
        : base(8, 1000, TimeSpan.FromMilliseconds(100), acceptablePause, heartbeatInterval, clock) =>
            (_acceptablePause, _clock, _lastAsked) = ((long)acceptablePause.TotalMilliseconds, clock, clock());

    /// <summary>
    /// Whether the peer is available. The framework reads this several times a second for each peer, so a long time between two reads shows
    /// that this process was paused.
    /// </summary>
    public override bool IsAvailable
    {
        get
        {
            var now = _clock();
            if (now - Interlocked.Exchange(ref _lastAsked, now) > _acceptablePause && IsMonitoring)
                HeartBeat();
            return base.IsAvailable;
        }
    }
}
