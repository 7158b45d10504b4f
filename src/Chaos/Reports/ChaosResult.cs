using Actors.Chaos.Injection;
using Actors.Chaos.Load;
using Actors.Chaos.Plans;

namespace Actors.Chaos.Reports;

/// <summary>The result of a run, for its report. Immutable.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="PlanFile">The name of its file.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Began">The time of the beginning, UTC.</param>
/// <param name="Duration">The duration.</param>
/// <param name="Coordinators">The addresses of the coordinators.</param>
/// <param name="Nodes">The names of the nodes at the beginning.</param>
/// <param name="IsDurable">Whether the pool and the queue of the load were durable.</param>
/// <param name="Faults">The faults, in the order of their times.</param>
/// <param name="Intervals">The measurements; empty without a load.</param>
/// <param name="Counts">The checked operations; null without a load.</param>
/// <param name="ViolationCount">The number of violated invariants.</param>
/// <param name="Violations">The first violations.</param>
/// <param name="IsStopped">Whether the run was stopped before its end: the results of its last jobs are missing.</param>
internal sealed record ChaosResult(
    ChaosPlan Plan, string PlanFile, long Seed, DateTime Began, TimeSpan Duration, IReadOnlyList<string> Coordinators,
    IReadOnlyList<string> Nodes, bool IsDurable, IReadOnlyList<InjectionRecord> Faults, IReadOnlyList<LoadInterval> Intervals,
    CheckedCounts? Counts, long ViolationCount, IReadOnlyList<string> Violations, bool IsStopped = false)
{
    /// <summary>The number of faults that happened.</summary>
    public int Injected => Faults.Count(fault => fault.Status != InjectionStatus.Skipped);

    /// <summary>The kinds of planned faults of which none happened, and the programs that did not come back.</summary>
    public IReadOnlyList<string> Failed =>
    [
        .. Faults.GroupBy(fault => fault.Name).Where(faults => faults.All(fault => fault.Status == InjectionStatus.Skipped))
            .Select(faults => $"{faults.Key} was not injected"),
        .. Faults.Where(fault => fault.Status == InjectionStatus.NotRestarted).Select(fault => $"{fault.Target} did not come back"),
    ];

    /// <summary>
    /// Whether the run reached its end, all invariants held, each kind of planned fault happened, and the restarted programs came back.
    /// </summary>
    public bool HasPassed => !IsStopped && ViolationCount == 0 && Injected > 0 && Failed.Count == 0;

    /// <summary>The verdict in one sentence.</summary>
    public string Verdict => this switch
    {
        { IsStopped: true, ViolationCount: 0 } => "The run was stopped before its end; no invariant was violated until then",
        { Injected: 0, IsStopped: false } => "Nothing was proved: no fault could be injected",
        { Counts: null } => "The faults were injected; nothing was checked, because the run had no load",
        { ViolationCount: 0, Failed.Count: > 0 } => $"All invariants held, but {string.Join(", ", Failed)}",
        { ViolationCount: 0 } => "All invariants held",
        _ => $"{ViolationCount} {(ViolationCount == 1 ? "invariant was" : "invariants were")} violated",
    };
}

/// <summary>The checked operations of a run.</summary>
/// <param name="JobsSubmitted">The number of submitted jobs.</param>
/// <param name="JobsCorrect">The number of jobs with the right result.</param>
/// <param name="QueueItems">The number of received queue items.</param>
/// <param name="LockHolds">The number of times that the lock was acquired.</param>
internal sealed record CheckedCounts(long JobsSubmitted, long JobsCorrect, long QueueItems, long LockHolds);
