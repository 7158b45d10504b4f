namespace Actors.Testing;

/// <summary>Knows which mode can inject which fault.</summary>
internal static class FaultSupport
{
    private const string SimulatedModes = $"{nameof(TestPool)}.{nameof(TestPool.Simulated)} and {nameof(FaultTest)}";
    private const string ModesWithTime = $"{SimulatedModes}, and {nameof(TestPool)}.{nameof(TestPool.StartAsync)}";

    private const string NoStore = $"it has no store. Use {nameof(FaultTest)}, whose worlds have durable pools.";

    /// <summary>Throws if the mode cannot inject a fault of the plan.</summary>
    /// <param name="plan">The plan; null for none.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="options">The options of the pool.</param>
    /// <param name="hasStore">Whether the coordinator has a store.</param>
    /// <exception cref="FaultNotSupportedException">There is such a fault.</exception>
    public static void RequireSupported(FaultPlan? plan, TestPoolMode mode, PoolOptions options, bool hasStore = false)
    {
        foreach (var rule in plan?.Rules ?? [])
        {
            var isOfStore = rule.Fault.Kind is FaultKind.FailWrites or FaultKind.FillDisk;
            if ((isOfStore && !hasStore ? NoStore : FindReason(rule, mode, options)) is { } reason)
                throw new FaultNotSupportedException($"A test pool of mode {mode} cannot inject '{rule.Fault}' ({rule.Trigger}): {reason}");
        }
    }

    private static string? FindReason(FaultRule rule, TestPoolMode mode, PoolOptions options)
    {
        var isTimed = rule.Trigger.Time is not null;
        if (isTimed && !rule.Fault.IsEnvironment && rule.Fault.Kind is not (FaultKind.Kill or FaultKind.Exit or FaultKind.Pause))
            return "at a time, only a worker can be killed, exit or be paused. Use a trigger that selects jobs.";
        return mode switch
        {
            TestPoolMode.Simulated => null,
            _ when rule.Fault.IsEnvironment => $"it has no network, nodes or clock of its own. Use {SimulatedModes}.",
            TestPoolMode.Processes => FindReasonOfProcesses(rule, isTimed, options),
            _ when isTimed => $"time does not pass by itself. Use {ModesWithTime}.",
            _ when rule.Fault.Moment == FaultMoment.DuringJob =>
                $"the function runs on the thread of the test and cannot be interrupted. Use {nameof(FaultMoment.BeforeJob)} or "
                + $"{nameof(FaultMoment.AfterJob)}, or {ModesWithTime}.",
            _ => null,
        };
    }

    private static string? FindReasonOfProcesses(FaultRule rule, bool isTimed, PoolOptions options)
    {
        if (rule.Fault.Kind == FaultKind.ExceedMemory && options.MaxMemoryPerWorker is null)
            return $"the pool has no memory limit. Set {nameof(PoolOptions)}.{nameof(PoolOptions.MaxMemoryPerWorker)}.";
        return isTimed && rule.Fault.Kind == FaultKind.Exit
            ? $"only a signal reaches a worker at any time. Use {nameof(Fault)}.{nameof(Fault.Kill)}."
            : null;
    }
}
