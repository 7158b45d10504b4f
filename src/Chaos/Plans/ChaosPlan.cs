using Actors.Messages.Chaos;

namespace Actors.Chaos.Plans;

/// <summary>The faults that a run injects, and its load. Immutable.</summary>
/// <param name="Name">The title of the report.</param>
/// <param name="Seed">Decides the times and targets of faults. The same seed gives the same ones.</param>
/// <param name="WarmUp">The time without faults at the beginning, for the normal throughput.</param>
/// <param name="CoolDown">The time without faults at the end, for the recovery from the last one.</param>
/// <param name="Spacing">The least time between the end of a fault and the next one.</param>
/// <param name="RecoverWithin">The longest wait for a restarted program, and for unfinished jobs at the end.</param>
/// <param name="Load">The load.</param>
/// <param name="Faults">The faults.</param>
internal sealed record ChaosPlan(
    string Name, long Seed, TimeSpan WarmUp, TimeSpan CoolDown, TimeSpan Spacing, TimeSpan RecoverWithin, LoadPlan Load,
    IReadOnlyList<ChaosPlanEntry> Faults);

/// <summary>The load of a run. Immutable.</summary>
/// <param name="JobsInFlight">The number of jobs that are submitted and have not ended.</param>
/// <param name="JobDuration">The time that a job takes.</param>
/// <param name="HasQueue">Whether a producer and two consumers use a queue.</param>
/// <param name="HasLock">Whether two programs compete for a lock.</param>
internal sealed record LoadPlan(int JobsInFlight, TimeSpan JobDuration, bool HasQueue, bool HasLock);

/// <summary>An action of a plan.</summary>
internal enum ChaosAction
{
    /// <summary>A node kills one of its workers.</summary>
    KillWorker,

    /// <summary>A node pauses one of its workers.</summary>
    PauseWorker,

    /// <summary>A node kills itself.</summary>
    KillNode,

    /// <summary>A node pauses.</summary>
    PauseNode,

    /// <summary>A coordinator kills itself.</summary>
    KillCoordinator,

    /// <summary>A coordinator pauses.</summary>
    PauseCoordinator,

    /// <summary>A node or coordinator loses its messages.</summary>
    Partition,

    /// <summary>The store of a coordinator is slow or fails.</summary>
    SlowDisk,

    /// <summary>All coordinators and nodes restart, one after the other.</summary>
    RollingRestart,
}

/// <summary>The kind of program that a fault hits.</summary>
internal enum ChaosTargetKind
{
    /// <summary>A worker node, or one of its workers.</summary>
    Node,

    /// <summary>A coordinator.</summary>
    Coordinator,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>The peers from which a partition separates its target.</summary>
internal enum PartitionScope
{
    /// <summary>All peers of the given roles.</summary>
    Roles,

    /// <summary>One coordinator, chosen by the seed.</summary>
    OneCoordinator,

    /// <summary>One node, chosen by the seed.</summary>
    OneNode,
}

/// <summary>One entry of the list of faults. Immutable.</summary>
/// <param name="Action">The action.</param>
/// <param name="Target">The kind of program that it hits.</param>
/// <param name="Fault">The settings. The seed decides <see cref="ChaosFault.Choice"/>.</param>
internal sealed record ChaosPlanEntry(ChaosAction Action, ChaosTargetKind Target, ChaosFault Fault)
{
    /// <summary>The interval between two faults; null if <see cref="At"/> is given.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The time of the only fault, from the end of the warm-up.</summary>
    public TimeSpan? At { get; init; }

    /// <summary>The peers of a partition.</summary>
    public PartitionScope Scope { get; init; }

    /// <summary>Whether the fault hits all targets of its kind at once.</summary>
    public bool HitsAll { get; init; }

    /// <summary>The name of the action, as in plans.</summary>
    public string Name => ChaosActions.GetName(Action);

    /// <summary>The duration; zero for a fault without one.</summary>
    public TimeSpan Duration => TimeSpan.FromMilliseconds(Fault.Milliseconds);
}
