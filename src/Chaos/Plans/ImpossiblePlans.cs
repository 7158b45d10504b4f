namespace Actors.Chaos.Plans;

/// <summary>Refuses plans that a cluster cannot carry out.</summary>
internal static class ImpossiblePlans
{
    /// <summary>Checks a plan against the programs of a cluster.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="coordinators">The number of coordinators.</param>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="hasStore">Whether the coordinators have a store.</param>
    /// <exception cref="ChaosPlanException">A fault is impossible.</exception>
    public static void RequirePossible(ChaosPlan plan, int coordinators, int nodes, bool hasStore)
    {
        for (var index = 0; index < plan.Faults.Count; index++)
        {
            if (FindProblem(plan.Faults[index], coordinators, nodes, hasStore) is { } problem)
                throw new ChaosPlanException($"chaos.faults[{index}] ({plan.Faults[index].Name}) is impossible on this cluster: {problem}");
        }
    }

    private static string? FindProblem(ChaosPlanEntry fault, int coordinators, int nodes, bool hasStore) => fault switch
    {
        { Target: ChaosTargetKind.Node } when nodes == 0 => "no worker node has joined. Start one.",
        { Action: ChaosAction.KillCoordinator } when coordinators < 3 =>
            $"it has {Describe(coordinators)}, and without one there is no majority. Start three.",
        { Action: ChaosAction.Partition, Scope: PartitionScope.OneNode } when nodes == 0 => "no worker node has joined. Start one.",
        { Action: ChaosAction.Partition, Target: ChaosTargetKind.Coordinator, Fault.Peers: var peers }
            when peers.HasFlag(Messages.Chaos.ChaosPeers.Coordinators) && coordinators < 3 =>
            $"it has {Describe(coordinators)}, and without one there is no majority. Start three, or set peers to nodes.",
        { Action: ChaosAction.SlowDisk } when !hasStore => "its coordinators have no store. Start them with --store or --postgres-file.",
        _ => null,
    };

    private static string Describe(int coordinators) => coordinators == 1 ? "one coordinator" : $"{coordinators} coordinators";
}
