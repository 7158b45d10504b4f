namespace Actors.Chaos.Injection;

/// <summary>Whether a planned fault happened.</summary>
internal enum InjectionStatus
{
    /// <summary>It happened.</summary>
    Injected,

    /// <summary>It did not happen, because the cluster was not ready for it.</summary>
    Skipped,

    /// <summary>A restarted program did not come back.</summary>
    NotRestarted,
}

/// <summary>A fault of a run. Immutable.</summary>
/// <param name="Begin">The time from the beginning of the run.</param>
/// <param name="End">The end of the fault itself, not of the recovery.</param>
/// <param name="Name">The name of the action.</param>
/// <param name="Target">The target.</param>
/// <param name="Detail">The affected object, or the reason why it did not happen.</param>
/// <param name="Status">Whether it happened.</param>
internal sealed record InjectionRecord(
    TimeSpan Begin, TimeSpan End, string Name, string Target, string Detail, InjectionStatus Status);
