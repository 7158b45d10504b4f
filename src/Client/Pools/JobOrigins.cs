using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>
/// Adds the data about their submission to jobs. Jobs of one policy and one clock tick share an object: it costs little, and equal policies
/// are sent once. Thread-safe.
/// </summary>
/// <param name="session">Identifies the pool's session.</param>
/// <param name="clock">The clock.</param>
internal sealed class JobOrigins(Guid session, TimeProvider clock)
{
    private readonly bool _isSystemClock = ReferenceEquals(clock, TimeProvider.System);
    private SharedOrigin? _last;

    /// <summary>Adds the origin to the policy of a job that is submitted now.</summary>
    public JobPolicy AddTo(JobPolicy policy)
    {
        var tick = ReadTick();
        var last = _last;
        if (last is null || last.Tick != tick || !ReferenceEquals(last.Policy, policy))
        {
            var origin = new JobOrigin(session, clock.GetUtcNow().ToUnixTimeMilliseconds());
            _last = last = new SharedOrigin(tick, policy, policy with { Origin = origin });
        }

        return last.Stamped;
    }

    /// <summary>Reads the ticks of the system, which takes a sixth of the time of reading its clock.</summary>
    private long ReadTick() => _isSystemClock ? Environment.TickCount64 : clock.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record SharedOrigin(long Tick, JobPolicy Policy, JobPolicy Stamped);
}
