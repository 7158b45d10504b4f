using Actors.Messages.Executors;

namespace Actors.Testing;

/// <summary>Injects the timed faults of a plan into a simulated cluster.</summary>
internal static class ClusterFaults
{
    /// <summary>Starts the timed faults of a plan, and makes the cluster expect lost messages if there can be any.</summary>
    public static TimedFaults Start(SimulatedCluster cluster, FaultPlan plan)
    {
        if (plan.Rules.Any(rule => rule.Fault.IsEnvironment))
            cluster.Scheduler.Post(cluster.ExpectFaults);
        var faults = new TimedFaults(
            plan, () => cluster.Now, cluster.Clock.StartBackgroundTimer, fault => InjectIntoWorker(cluster, fault),
            (fault, hadEffect) => cluster.Inject(fault, null, hadEffect));
        cluster.Scheduler.Post(faults.Start);
        return faults;
    }

    private static int? InjectIntoWorker(SimulatedCluster cluster, Fault fault)
    {
        if (cluster.ChooseExecutor() is not { } executor)
            return null;
        if (fault.Kind == FaultKind.Pause)
        {
            executor.Signal(WorkerSignal.Stop);
            cluster.Clock.StartBackgroundTimer(fault.Time, () => executor.Signal(WorkerSignal.Continue));
        }
        else
        {
            executor.End(new ExecutorExit(ExecutorExitReason.Crashed, fault.ExitStatus, ""));
        }

        return executor.ProcessId;
    }
}
