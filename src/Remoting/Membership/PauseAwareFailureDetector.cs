using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Actors.Remoting.Membership;

/// <summary>
/// The framework's failure detector, but for one thing: a process that has itself stood still (paused, swapped out, moved, starved) blames nobody for the silence
/// meanwhile. By default it wakes to find everybody silent and says so: a client takes its coordinator for gone; and a member that is lost right after that has its word
/// stand, which the resolver takes for a network in which each hears only some of the others, and gives all of them up.
/// </summary>
internal sealed class PauseAwareFailureDetector : PhiAccrualFailureDetector
{
    private readonly long _acceptablePause;
    private readonly Clock _clock;
    private long _lastAsked;

    /// <summary>Made by the actor system, one for each member, or each machine with an actor, that is watched.</summary>
    public PauseAwareFailureDetector(Config config, EventStream events)
        : base(config, events) => (_acceptablePause, _clock, _lastAsked) =
            ((long)config.GetTimeSpan("acceptable-heartbeat-pause", null).TotalMilliseconds, DefaultClock, DefaultClock());

    /// <summary>The same with a clock of its own, in milliseconds.</summary>
    internal PauseAwareFailureDetector(TimeSpan heartbeatInterval, TimeSpan acceptablePause, Clock clock)
        : base(8, 1000, TimeSpan.FromMilliseconds(100), acceptablePause, heartbeatInterval, clock) =>
            (_acceptablePause, _clock, _lastAsked) = ((long)acceptablePause.TotalMilliseconds, clock, clock());

    /// <summary>Is asked several times a second, of each: by how long it was not asked it is known how long this process stood still.</summary>
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
