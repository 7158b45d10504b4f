namespace Actors.Simulation.Tests.Pools;

/// <summary>The virtual time as the clock of a journal.</summary>
internal sealed class SimulatedClock(PoolWorld world) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + world.Now;
}
