namespace Actors.Coordinator.Pools;

/// <summary>The unfinished jobs of a pool and its executors at one time. Immutable.</summary>
/// <param name="Waiting">The number of jobs that wait for an executor.</param>
/// <param name="Held">The number of jobs that executors have: one runs in each, the others wait there.</param>
/// <param name="Running">The number of executors that have a job.</param>
/// <param name="Executors">The number of executors.</param>
public readonly record struct PoolFigures(int Waiting, int Held, int Running, int Executors)
{
    /// <summary>The number of idle executors, at least.</summary>
    public int Idle => Math.Max(0, Executors - Held - Waiting);

    /// <summary>Adds the figures of two builds of a pool.</summary>
    public static PoolFigures operator +(PoolFigures left, PoolFigures right) => new(
        left.Waiting + right.Waiting, left.Held + right.Held, left.Running + right.Running, left.Executors + right.Executors);
}
