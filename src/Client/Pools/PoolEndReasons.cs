namespace Actors.Pools;

/// <summary>The exceptions of pools that accept no more jobs.</summary>
internal static class PoolEndReasons
{
    /// <summary>Creates the exception for submissions to a closed pool.</summary>
    public static InvalidOperationException CreateClosed() =>
        new("Pool not running: it was closed and accepts no more jobs. Start a new pool, or submit before Close.");

    /// <summary>Creates the exception for submissions to a durable pool that another program has closed.</summary>
    /// <param name="pool">The name of the pool.</param>
    public static InvalidOperationException CreateClosedBefore(string pool) => new(
        $"The durable pool '{pool}' was closed and accepts no more jobs. Attach to its existing jobs, or open another name.");

    /// <summary>Creates the exception for submissions to a terminated pool.</summary>
    public static PoolTerminatedException CreateTerminated() =>
        new("Pool not running: it was terminated and accepts no more jobs. Start a new pool.");

    /// <summary>Creates the exception for submissions to a durable pool that this program has left.</summary>
    /// <param name="pool">The name of the pool.</param>
    public static PoolTerminatedException CreateDetached(string pool) => new(
        $"The durable pool '{pool}' was disposed in this program. Its jobs continue: open it by its name and attach to them by id.");

    /// <summary>Creates the exception for the jobs that a termination drops.</summary>
    public static PoolTerminatedException CreateDropped() => new("Dropped: the pool was terminated.");
}
