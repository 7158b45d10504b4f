using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>
/// The options of a job that coordinators and nodes act on. Carried whole on every way, as a block with lengths: programs of an earlier
/// version skip the members that they do not know.
/// </summary>
/// <param name="TimeoutMilliseconds">The time limit of a run, after which its worker is killed; 0 for none.</param>
/// <param name="MaxAttempts">The most starts of the job if its workers are lost; 1 is at most once.</param>
/// <param name="Priority">Jobs with a greater priority run first.</param>
/// <param name="Key">The key that identifies the job in its durable pool; null for none.</param>
/// <param name="Trace">The trace that the job belongs to; null when it is not traced.</param>
/// <param name="Origin">The data about the submission for the function; null if unknown.</param>
/// <param name="Named">The name of the function of a single job in a durable pool; null for none.</param>
/// <param name="Shared">The shared values in the arguments that a node must have before the job starts; null for none.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record JobPolicy(
    long TimeoutMilliseconds, int MaxAttempts, int Priority = 0, string? Key = null, JobTrace? Trace = null, JobOrigin? Origin = null,
    JobName? Named = null, SharedPayloads? Shared = null)
{
    /// <summary>Gets the policy of a job that runs once, without a time limit.</summary>
    public static JobPolicy Once { get; } = new(0, 1);

    /// <summary>Gets whether the job may run with a newer build than that of its submitter.</summary>
    [MemoryPackIgnore]
    public bool RunsNewest => Named is { RunsNewest: true };

    /// <summary>Gets whether the job must not begin twice.</summary>
    [MemoryPackIgnore]
    public bool IsAtMostOnce => MaxAttempts <= 1;
}
