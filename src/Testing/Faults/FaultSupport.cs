namespace Actors.Testing;

/// <summary>Knows which mode can inject which fault.</summary>
internal static class FaultSupport
{
    /// <summary>Throws if the mode cannot inject a fault of the plan.</summary>
    /// <exception cref="FaultNotSupportedException">There is such a fault.</exception>
    public static void RequireSupported(FaultPlan? plan, TestPoolMode mode, PoolOptions options)
    {
        foreach (var rule in plan?.Rules ?? [])
        {
            if (FindReason(rule.Fault, mode, options) is { } reason)
                throw new FaultNotSupportedException($"A test pool of mode {mode} cannot inject '{rule.Fault}' ({rule.Trigger}): {reason}");
        }
    }

    private static string? FindReason(Fault fault, TestPoolMode mode, PoolOptions options) => mode switch
    {
        TestPoolMode.Processes when fault.Kind == FaultKind.ExceedMemory && options.MaxMemoryPerWorker is null =>
            $"the pool has no memory limit. Set {nameof(PoolOptions)}.{nameof(PoolOptions.MaxMemoryPerWorker)}.",
        TestPoolMode.Processes => null,
        _ when fault.Moment == FaultMoment.DuringJob =>
            $"the function runs in the process of the test and cannot be interrupted. Use {nameof(FaultMoment.BeforeJob)} or "
            + $"{nameof(FaultMoment.AfterJob)}, or {nameof(TestPool)}.{nameof(TestPool.StartAsync)}.",
        _ => null,
    };
}
