namespace Actors.Pools;

/// <summary>The exceptions of pools that accept no more jobs.</summary>
internal static class PoolEndReasons
{
    /// <summary>Creates the exception for submissions to a closed pool.</summary>
    public static InvalidOperationException CreateClosed() =>
        new("Pool not running: it was closed and accepts no more jobs. Start a new pool, or submit before Close.");

    /// <summary>Creates the exception for submissions to a terminated pool.</summary>
    public static PoolTerminatedException CreateTerminated() =>
        new("Pool not running: it was terminated and accepts no more jobs. Start a new pool.");

    /// <summary>Creates the exception for the jobs that a termination drops.</summary>
    public static PoolTerminatedException CreateDropped() => new("Dropped: the pool was terminated.");
}
