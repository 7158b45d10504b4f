namespace Actors.Testing;

/// <summary>Injects the timed faults of a plan into real workers, by signals.</summary>
internal static class TimedProcessFaults
{
    /// <summary>Starts the timed faults of a plan.</summary>
    public static TimedFaults Start(TestPool pool, FaultPlan plan)
    {
        var clock = pool.Clock;
        var startedAt = clock.GetTimestamp();
        var random = new Random(plan.Seed);
        var faults = new TimedFaults(
            plan, () => clock.GetElapsedTime(startedAt), (time, callback) => StartTimer(clock, time, callback),
            fault => InjectFault(pool, fault, random));
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
