using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Nodes;

/// <summary>A scheduler whose clock advances with the test. The TestKit's own scheduler leaves the clock at real time.</summary>
/// <param name="config">The configuration of the actor system.</param>
/// <param name="log">The log of the actor system.</param>
internal sealed class VirtualScheduler(Config config, ILoggingAdapter log) : TestScheduler(config, log), IScheduler
{
    private readonly DateTimeOffset _began = DateTimeOffset.UnixEpoch;

    TimeSpan ITimeProvider.MonotonicClock => Now - _began;

    TimeSpan ITimeProvider.HighResMonotonicClock => Now - _began;
}
