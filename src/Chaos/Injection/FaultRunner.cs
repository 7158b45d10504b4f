using Actors.Chaos.Plans;
using Actors.Messages.Chaos;
using Actors.Remoting;

namespace Actors.Chaos.Injection;

/// <summary>
/// Injects the faults of a schedule at their times. Before it takes a coordinator away, it waits until all coordinators are members: two
/// lost coordinators of three end a cluster, which no plan wants.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="plan">The plan.</param>
/// <param name="getNow">Gets the time since the beginning of the run.</param>
/// <param name="onRecord">Receives the faults.</param>
internal sealed class FaultRunner(ChaosCluster cluster, ChaosPlan plan, Func<TimeSpan> getNow, Action<InjectionRecord> onRecord)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The end of the last fault that happened; zero for none.</summary>
    public TimeSpan LastEnd { get; private set; }

    /// <summary>Injects all faults. Those that could not begin before the limit are skipped.</summary>
    public async Task RunAsync(IReadOnlyList<ScheduledFault> schedule, TimeSpan limit, CancellationToken cancellationToken)
    {
        foreach (var fault in schedule)
        {
            // A restart may have taken longer than planned, and the next fault must wait for the recovery.
            var earliest = LastEnd == TimeSpan.Zero ? fault.At : Max(fault.At, LastEnd + plan.Spacing);
            if (Max(earliest, getNow()) > limit)
            {
                Record(fault, getNow(), "the cluster", "the previous faults took longer than planned", InjectionStatus.Skipped);
                continue;
            }

            var left = earliest - getNow();
            if (left > TimeSpan.Zero)
                await Task.Delay(left, cancellationToken).ConfigureAwait(false);
            if (fault.Planned.Action == ChaosAction.RollingRestart)
                await RestartAllAsync(fault, cancellationToken).ConfigureAwait(false);
            else
                await InjectAsync(fault, limit, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task InjectAsync(ScheduledFault fault, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = getNow();
        var view = await WaitUntilReadyAsync(fault.Planned, limit, cancellationToken).ConfigureAwait(false);
        if (view is null)
        {
            Record(fault, began, "the cluster", "not all programs had recovered from the previous fault", InjectionStatus.Skipped);
            return;
        }

        foreach (var target in ChooseTargets(fault, view))
            await InjectIntoAsync(fault, target, view, cancellationToken).ConfigureAwait(false);
    }

    private static bool TakesCoordinator(ChaosPlanEntry fault) =>
        fault.Target == ChaosTargetKind.Coordinator && fault.Action != ChaosAction.SlowDisk;

    /// <summary>Waits until the cluster can stand the fault.</summary>
    /// <returns>The cluster; null if it was not ready in time.</returns>
    private async Task<ClusterView?> WaitUntilReadyAsync(ChaosPlanEntry fault, TimeSpan limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = await cluster.GetViewAsync(cancellationToken).ConfigureAwait(false);
            if ((!TakesCoordinator(fault) || view.MissingCoordinators.Count == 0)
                && (fault.Target != ChaosTargetKind.Node || view.Nodes.Count > 0))
                return view;
            if (getNow() > limit)
                return null;
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    private List<string> ChooseTargets(ScheduledFault fault, ClusterView view)
    {
        var all = fault.Planned.Target == ChaosTargetKind.Node
            ? view.Nodes.Select(node => node.Name).ToList()
            : [.. cluster.Coordinators.Select(at => at.ToString())];
        return fault.Planned.HitsAll ? all : [fault.ChooseFrom(all)];
    }

    private async Task InjectIntoAsync(ScheduledFault fault, string target, ClusterView view, CancellationToken cancellationToken)
    {
        var began = getNow();
        try
        {
            var settings = ChoosePeer(fault, target, view);
            var detail = await SendAsync(fault.Planned.Target, target, settings, cancellationToken).ConfigureAwait(false);
            Record(fault, began, target, detail + FaultDescription.DescribeSettings(settings), InjectionStatus.Injected);
        }
        catch (Exception exception) when (exception is TimeoutException or ChaosRefusedException)
        {
            Record(fault, began, target, exception.Message, InjectionStatus.Skipped);
        }
    }

    private ChaosFault ChoosePeer(ScheduledFault fault, string target, ClusterView view)
    {
        var settings = fault.ToFault();
        var peers = fault.Planned.Scope switch
        {
            PartitionScope.OneCoordinator => cluster.Coordinators.Select(at => at.ToString()).Where(at => at != target).ToList(),
            PartitionScope.OneNode => [.. view.Nodes.Select(node => node.Address)],
            _ => [],
        };
        return peers.Count == 0 ? settings : settings with { PeerAddresses = [fault.ChooseAgainFrom(peers)] };
    }

    private Task<string> SendAsync(ChaosTargetKind kind, string target, ChaosFault fault, CancellationToken cancellationToken) =>
        kind == ChaosTargetKind.Node
            ? cluster.InjectIntoNodeAsync(target, fault, cancellationToken)
            : cluster.InjectIntoCoordinatorAsync(HostPort.ParseList(target)[0], fault, cancellationToken);

    /// <summary>Restarts the programs one after the other. Each must be back before the next one.</summary>
    private async Task RestartAllAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        var kind = fault.Planned.Target;
        if (kind is ChaosTargetKind.All or ChaosTargetKind.Coordinator)
        {
            foreach (var at in cluster.Coordinators)
            {
                if (!await RestartAsync(fault, ChaosTargetKind.Coordinator, at.ToString(), cancellationToken).ConfigureAwait(false))
                    return;
            }
        }

        if (kind is ChaosTargetKind.Coordinator)
            return;
        var view = await cluster.GetViewAsync(cancellationToken).ConfigureAwait(false);
        foreach (var node in view.Nodes)
        {
            if (!await RestartAsync(fault, ChaosTargetKind.Node, node.Name, cancellationToken).ConfigureAwait(false))
                return;
        }
    }

    /// <returns>Whether the program is back.</returns>
    private async Task<bool> RestartAsync(
        ScheduledFault fault, ChaosTargetKind kind, string target, CancellationToken cancellationToken)
    {
        var began = getNow();
        try
        {
            var before = await cluster.GetViewAsync(cancellationToken).ConfigureAwait(false);
            var detail = await SendAsync(kind, target, fault.ToFault(), cancellationToken).ConfigureAwait(false);
            var isBack = await WaitUntilBackAsync(kind, target, detail, before, cancellationToken).ConfigureAwait(false);
            var status = isBack ? InjectionStatus.Injected : InjectionStatus.NotRestarted;
            var text = isBack
                ? detail
                : $"it did not come back within {plan.RecoverWithin.TotalSeconds:0} s: run it under a supervisor that restarts it";
            AddRecord(new InjectionRecord(began, getNow(), fault.Planned.Name, target, text, status));
            return isBack;
        }
        catch (Exception exception) when (exception is TimeoutException or ChaosRefusedException)
        {
            Record(fault, began, target, exception.Message, InjectionStatus.Skipped);
            return true;
        }
    }

    /// <summary>Waits until a new process is in the place of the stopped one.</summary>
    private async Task<bool> WaitUntilBackAsync(
        ChaosTargetKind kind, string target, string stopped, ClusterView before, CancellationToken cancellationToken)
    {
        var began = getNow();
        while (getNow() - began < plan.RecoverWithin)
        {
            var view = await cluster.GetViewAsync(cancellationToken).ConfigureAwait(false);
            var isComplete = kind == ChaosTargetKind.Node
                ? view.Nodes.Count >= before.Nodes.Count
                : view.MissingCoordinators.Count == 0;
            // A node without a fixed port comes back under another name.
            var hasOtherName = kind == ChaosTargetKind.Node && view.Nodes.All(node => node.Name != target);
            if (isComplete && (hasOtherName || await IsOtherProcessAsync(kind, target, stopped, cancellationToken).ConfigureAwait(false)))
                return true;
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Whether a program has restarted, even if no query has seen it absent: its answer names another process.</summary>
    private async Task<bool> IsOtherProcessAsync(
        ChaosTargetKind kind, string target, string stopped, CancellationToken cancellationToken)
    {
        try
        {
            var nothing = new ChaosFault(ChaosFaultKind.None, 0, 0);
            return await SendAsync(kind, target, nothing, cancellationToken).ConfigureAwait(false) != stopped;
        }
        catch (Exception exception) when (exception is TimeoutException or ChaosRefusedException)
        {
            return false;
        }
    }

    private void Record(ScheduledFault fault, TimeSpan began, string target, string detail, InjectionStatus status)
    {
        var end = status == InjectionStatus.Injected ? began + fault.Planned.Duration : began;
        AddRecord(new InjectionRecord(began, end, fault.Planned.Name, target, detail, status));
    }

    private void AddRecord(InjectionRecord fault)
    {
        if (fault.Status != InjectionStatus.Skipped)
            LastEnd = Max(LastEnd, fault.End);
        onRecord(fault);
    }

    private static TimeSpan Max(TimeSpan first, TimeSpan second) => first > second ? first : second;
}
