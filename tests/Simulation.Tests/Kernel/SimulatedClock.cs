namespace Actors.Simulation.Tests.Kernel;

/// <summary>The virtual time as the clock of a journal.</summary>
internal sealed class SimulatedClock(SimulatedWorld world) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + world.Now;
}
