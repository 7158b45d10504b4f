using Actors.Chaos.Injection;
using Actors.Chaos.Load;
using Actors.Chaos.Plans;
using Actors.Chaos.Reports;
using Spectre.Console;

namespace Actors.Chaos;

/// <summary>The settings of a run. Immutable.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="PlanFile">Its file.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Duration">The duration.</param>
/// <param name="HasLoad">Whether the run has a load.</param>
internal sealed record RunSettings(ChaosPlan Plan, string PlanFile, long Seed, TimeSpan Duration, bool HasLoad);

/// <summary>One run: injects the faults of a plan into a cluster beside a load, and collects the results.</summary>
internal sealed class ChaosRun
{
    private readonly RunSettings _settings;
    private readonly ChaosCluster _cluster;
    private readonly LoadTimeline _timeline;
    private readonly Violations _violations;
    private readonly ChaosLoad? _load;
    private readonly Lock _access = new();
    private readonly List<InjectionRecord> _faults = [];
    private bool _isStopped;

    private ChaosRun(RunSettings settings, ChaosCluster cluster, LoadTimeline timeline, Violations violations, ChaosLoad? load) =>
        (_settings, _cluster, _timeline, _violations, _load) = (settings, cluster, timeline, violations, load);

    private CheckedCounts? Counts => _load is null
        ? null
        : new CheckedCounts(_load.Jobs.Submitted, _load.Jobs.Correct, _load.Queue?.Received ?? 0, _load.Locks?.Holds ?? 0);

    private IReadOnlyList<InjectionRecord> Faults
    {
        get
        {
            lock (_access)
                return [.. _faults];
        }
    }

    /// <summary>Runs a plan.</summary>
    /// <exception cref="ChaosRefusedException">A program does not permit chaos.</exception>
    /// <exception cref="ChaosPlanException">The plan is impossible on this cluster.</exception>
    public static async Task<ChaosResult> RunPlanAsync(
        RunSettings settings, ChaosCluster cluster, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var schedule = ChaosSchedule.CreateSchedule(settings.Plan, settings.Seed, settings.Duration);
        var view = await cluster.GetViewAsync(cancellationToken).ConfigureAwait(false);
        await cluster.RequirePermissionAsync(view, cancellationToken).ConfigureAwait(false);
        ImpossiblePlans.RequirePossible(settings.Plan, cluster.Coordinators.Count, view.Nodes.Count, view.HasStore);
        if (view.MissingCoordinators.Count > 0)
        {
            throw new ChaosRefusedException(
                $"The cluster is not complete: {string.Join(", ", view.MissingCoordinators)} did not answer or is not a member. Start it.");
        }

        var violations = new Violations();
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        var loadSettings = new LoadSettings(cluster.Connect, settings.Plan.Load, view.HasStore, violations);
        var timeline = new LoadTimeline(TimeProvider.System);
        var load = settings.HasLoad
            ? await ChaosLoad.StartLoadAsync(loadSettings, timeline, cancellationToken).ConfigureAwait(false)
            : null;
        try
        {
            var run = new ChaosRun(settings, cluster, timeline, violations, load);
            await run.RunAsync(schedule, console, cancellationToken).ConfigureAwait(false);
            return run.CreateResult(view, began);
        }
        finally
        {
            if (load is not null)
                await load.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync(IReadOnlyList<ScheduledFault> schedule, IAnsiConsole console, CancellationToken cancellationToken)
    {
        // The time of the run begins when the load is ready.
        _timeline.Restart();
        _load?.Run();
        var running = InjectAndWaitAsync(schedule, cancellationToken);
        await new LiveView(console).ShowUntilAsync(running, GetState).ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task InjectAndWaitAsync(IReadOnlyList<ScheduledFault> schedule, CancellationToken cancellationToken)
    {
        try
        {
            await InjectFaultsAsync(schedule, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The report contains the results until now. Jobs that have not ended are no violation.
            _isStopped = true;
        }

        _timeline.Stop();
        if (_load is not null && !_isStopped)
            await _load.FinishLoadAsync(_settings.Plan.RecoverWithin).ConfigureAwait(false);
    }

    private async Task InjectFaultsAsync(IReadOnlyList<ScheduledFault> schedule, CancellationToken cancellationToken)
    {
        var runner = new FaultRunner(_cluster, _settings.Plan, () => _timeline.Now, AddFault);
        await runner.RunAsync(schedule, _settings.Duration - _settings.Plan.CoolDown, cancellationToken).ConfigureAwait(false);
        // Each fault is followed by the whole cool-down, even if it ended later than planned.
        var end = runner.LastEnd + _settings.Plan.CoolDown;
        var left = (end > _settings.Duration ? end : _settings.Duration) - _timeline.Now;
        if (left > TimeSpan.Zero)
            await Task.Delay(left, cancellationToken).ConfigureAwait(false);
    }

    private void AddFault(InjectionRecord fault)
    {
        lock (_access)
            _faults.Add(fault);
    }

    private LiveState GetState()
    {
        _timeline.CloseIntervals();
        return new LiveState(
            _timeline.Now, _settings.Duration, Counts, _timeline.LastInterval, _violations.Count, Faults);
    }

    private ChaosResult CreateResult(ClusterView view, DateTime began) => new(
        _settings.Plan, _settings.PlanFile, _settings.Seed, began, _timeline.Now, [.. _cluster.Coordinators.Select(at => at.ToString())],
        [.. view.Nodes.Select(node => node.Name)], view.HasStore, Faults, _load is null ? [] : _timeline.Intervals, Counts,
        _violations.Count, _violations.Texts, _isStopped);
}
