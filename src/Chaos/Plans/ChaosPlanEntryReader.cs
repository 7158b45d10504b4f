using Actors.Messages.Chaos;

namespace Actors.Chaos.Plans;

/// <summary>Reads one entry of the list of faults.</summary>
internal static class ChaosPlanEntryReader
{
    private static readonly TimeSpan ShortestFault = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>Reads a fault.</summary>
    /// <exception cref="ChaosPlanException">The entry has an error.</exception>
    public static ChaosPlanEntry ReadFault(PlanSection entry)
    {
        var kinds = string.Join(", ", ChaosActions.Names);
        var name = entry.ReadText("kind") ?? throw entry.CreateError("kind", $"is missing; it is one of: {kinds}");
        var action = ChaosActions.FindAction(name) ?? throw entry.CreateError("kind", $"is '{name}', and must be one of: {kinds}");
        var fault = ReadSettings(entry, action) with
        {
            Every = entry.FindDuration("every", ShortestInterval),
            At = entry.FindDuration("at", TimeSpan.Zero),
        };
        entry.RequireAllRead();
        if (fault.Every is null == fault.At is null)
            throw entry.CreateError(fault.At is null ? "kind" : "at", "needs either the key 'every' or the key 'at'");
        return fault;
    }

    private static ChaosPlanEntry ReadSettings(PlanSection entry, ChaosAction action) => action switch
    {
        ChaosAction.KillWorker => CreateFault(action, ChaosTargetKind.Node, ChaosFaultKind.KillWorker),
        ChaosAction.PauseWorker => CreateFault(action, ChaosTargetKind.Node, ChaosFaultKind.PauseWorker, ReadFor(entry)),
        ChaosAction.KillNode => CreateFault(action, ChaosTargetKind.Node, ChaosFaultKind.KillProcess),
        ChaosAction.PauseNode => CreateFault(action, ChaosTargetKind.Node, ChaosFaultKind.PauseProcess, ReadFor(entry)),
        ChaosAction.KillCoordinator => CreateFault(action, ChaosTargetKind.Coordinator, ChaosFaultKind.KillProcess),
        ChaosAction.PauseCoordinator =>
            CreateFault(action, ChaosTargetKind.Coordinator, ChaosFaultKind.PauseProcess, ReadFor(entry)),
        ChaosAction.Partition => ReadPartition(entry),
        ChaosAction.SlowDisk => ReadSlowDisk(entry),
        _ => CreateFault(action, ReadRestarted(entry), ChaosFaultKind.StopProcess),
    };

    private static ChaosPlanEntry CreateFault(
        ChaosAction action, ChaosTargetKind target, ChaosFaultKind kind, TimeSpan duration = default) =>
        new(action, target, new ChaosFault(kind, (int)duration.TotalMilliseconds, 0));

    private static TimeSpan ReadFor(PlanSection entry) => entry.FindDuration("for", ShortestFault)
        ?? throw entry.CreateError("kind", "needs the key 'for', the duration of the fault");

    private static ChaosTargetKind ReadRestarted(PlanSection entry) => entry.ReadChoice("of", "all", "all", "coordinators", "nodes") switch
    {
        "coordinators" => ChaosTargetKind.Coordinator,
        "nodes" => ChaosTargetKind.Node,
        _ => ChaosTargetKind.All,
    };

    private static ChaosPlanEntry ReadPartition(PlanSection entry)
    {
        var duration = ReadFor(entry);
        var target = entry.ReadChoice("target", "coordinator", "coordinator", "node") == "node"
            ? ChaosTargetKind.Node
            : ChaosTargetKind.Coordinator;
        var flap = entry.ReadDuration("flap", TimeSpan.Zero, ShortestFault);
        if (flap > duration)
            throw entry.CreateError("flap", "must be shorter than the key 'for'");
        var peers = entry.ReadChoice(
            "peers", "all", "all", "coordinators", "nodes", "clients", "one-coordinator", "one-node");
        if (target == ChaosTargetKind.Node && peers is not ("all" or "coordinators" or "one-coordinator"))
            throw entry.CreateError("peers", $"is '{peers}', and a node has connections with coordinators only");
        var planned = CreateFault(ChaosAction.Partition, target, ChaosFaultKind.Partition, duration);
        return planned with
        {
            Scope = peers switch
            {
                "one-coordinator" => PartitionScope.OneCoordinator,
                "one-node" => PartitionScope.OneNode,
                _ => PartitionScope.Roles,
            },
            Fault = planned.Fault with
            {
                Peers = GetRoles(peers),
                Direction = ReadDirection(entry),
                DiscardsMessages = entry.ReadChoice("messages", "hold", "hold", "discard") == "discard",
                FlapMilliseconds = (int)flap.TotalMilliseconds,
            },
        };
    }

    private static ChaosPeers GetRoles(string peers) => peers switch
    {
        "coordinators" or "one-coordinator" => ChaosPeers.Coordinators,
        "nodes" or "one-node" => ChaosPeers.Nodes,
        "clients" => ChaosPeers.Clients,
        _ => ChaosPeers.All,
    };

    private static ChaosDirection ReadDirection(PlanSection entry) =>
        entry.ReadChoice("direction", "both", "both", "inbound", "outbound") switch
        {
            "inbound" => ChaosDirection.Inbound,
            "outbound" => ChaosDirection.Outbound,
            _ => ChaosDirection.Both,
        };

    private static ChaosPlanEntry ReadSlowDisk(PlanSection entry)
    {
        var planned = CreateFault(ChaosAction.SlowDisk, ChaosTargetKind.Coordinator, ChaosFaultKind.SlowDisk, ReadFor(entry));
        var delay = entry.ReadDuration("delay", TimeSpan.FromMilliseconds(200), TimeSpan.Zero);
        if (delay > LongestDelay)
            throw entry.CreateError("delay", "must be at most 30s, because a longer write counts as failed");
        return planned with
        {
            HitsAll = entry.ReadChoice("which", "one", "one", "all") == "all",
            Fault = planned.Fault with
            {
                DelayMilliseconds = (int)delay.TotalMilliseconds,
                FailurePercent = (int)entry.ReadNumber("fail-percent", 0, 0, 100),
            },
        };
    }
}
