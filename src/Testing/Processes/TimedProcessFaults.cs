namespace Actors.Testing;

/// <summary>Injects the timed faults of a plan into real workers, by signals.</summary>
internal static class TimedProcessFaults
{
    /// <summary>Starts the timed faults of a plan.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="elapsed">The time since the start of the pool, as of the other faults.</param>
    public static TimedFaults Start(TestPool pool, FaultPlan plan, Func<TimeSpan> elapsed)
    {
        var random = new Random(plan.Seed);
        var faults = new TimedFaults(
            plan, elapsed, (time, callback) => StartTimer(pool.Clock, time, callback), fault => InjectFault(pool, fault, random));
        faults.Start();
        return faults;
    }

    private static ITimer StartTimer(TimeProvider clock, TimeSpan time, Action callback) =>
        clock.CreateTimer(_ => callback(), null, time, Timeout.InfiniteTimeSpan);

    private static int? InjectFault(TestPool pool, Fault fault, Random random)
    {
        var workers = pool.Workers;
        if (workers.Count == 0)
            return null;
        var worker = workers[random.Next(workers.Count)];
        worker.Kill(fault.Kind == FaultKind.Pause ? WorkerSignal.Stop : fault.Signal);
        if (fault.Kind == FaultKind.Pause)
            _ = StartTimer(pool.Clock, fault.Time, () => worker.Kill(WorkerSignal.Continue));
        return worker.ProcessId;
    }
}
