using System.Collections.Immutable;
using Actors.Messages.Jobs;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>
/// The events of a durable pool that are stored together, before any of them is reported. The events apply in the order of the members.
/// </summary>
/// <param name="At">The time in milliseconds since 1970, UTC.</param>
/// <param name="Opened">The settings with which the pool was opened; null if it was not opened.</param>
/// <param name="Accepted">The accepted jobs.</param>
/// <param name="Begun">The at-most-once jobs that may have begun.</param>
/// <param name="Lost">The lost attempts.</param>
/// <param name="Ended">The outcomes of ended jobs.</param>
/// <param name="Forgotten">The jobs whose outcome was fetched, or whose retention time has passed.</param>
/// <param name="IsClosed">Whether the pool is closed.</param>
/// <param name="Sessions">The new sessions; they apply before the accepted jobs. Default in records of earlier versions.</param>
/// <param name="EndedSessions">The sessions that submit no more jobs; default in records of earlier versions.</param>
/// <param name="Retried">The failed jobs that run again; default in records of earlier versions.</param>
/// <param name="Builds">The builds that were opened for the first time; default in records of earlier versions.</param>
/// <param name="Canceled">The jobs that a tool has canceled and that may still run; default in records of earlier versions.</param>
[WireContract("j.pool", PermittedSenders.Coordinator)]
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record PoolRecord(
    long At,
    PoolSpec? Opened,
    [property: SharedFunctions] ImmutableArray<JobSpec> Accepted,
    ImmutableArray<JobId> Begun,
    ImmutableArray<JobLoss> Lost,
    ImmutableArray<JobOutcome> Ended,
    ImmutableArray<JobId> Forgotten,
    bool IsClosed,
    ImmutableArray<StoredSession> Sessions = default,
    ImmutableArray<long> EndedSessions = default,
    ImmutableArray<JobId> Retried = default,
    ImmutableArray<StoredBuild> Builds = default,
    ImmutableArray<JobId> Canceled = default) : IStoredRecord;

/// <summary>A session of a durable pool.</summary>
/// <param name="Id">The id.</param>
/// <param name="Range">The range of its job ids.</param>
/// <param name="Bundle">The code of its jobs.</param>
/// <param name="LastJob">The last accepted job; 0 for none.</param>
/// <param name="HasEnded">Whether it submits no more jobs.</param>
/// <param name="Retention">
/// How long the outcomes of its jobs are retained; null in records of earlier versions, which mean the settings of the build.
/// </param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record StoredSession(
    SessionId Id, long Range, BundleId Bundle, JobId LastJob = default, bool HasEnded = false, OutcomeRetention? Retention = null);

/// <summary>How long a durable pool retains outcomes that no client acknowledges.</summary>
/// <param name="Milliseconds">The time; 0 forever.</param>
/// <param name="DropsOutcomes">Whether they are not retained at all.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record OutcomeRetention(long Milliseconds, bool DropsOutcomes)
{
    /// <summary>Gets the settings of a program.</summary>
    public static OutcomeRetention FromSpec(PoolSpec spec) => new(spec.ResultRetentionMilliseconds, spec.DropsOutcomes);
}

/// <summary>A job that ran in a worker that was lost.</summary>
/// <param name="Id">The job.</param>
/// <param name="Attempt">The lost attempt.</param>
[MemoryPackable]
public sealed partial record JobLoss(JobId Id, AttemptLoss Attempt);

/// <summary>The whole state of a durable pool. Older records are deleted when it is stored.</summary>
/// <param name="Spec">The settings with which the pool was opened last.</param>
/// <param name="LastJob">The last job that it accepted.</param>
/// <param name="Pending">The jobs that have not ended, in their order.</param>
/// <param name="Begun">The at-most-once jobs among them that may have begun.</param>
/// <param name="Lost">The lost attempts of these jobs.</param>
/// <param name="Retained">The outcomes that no client has fetched.</param>
/// <param name="RetainedSince">The time at which each of them ended, in milliseconds since 1970, UTC.</param>
/// <param name="IsClosed">Whether the pool is closed.</param>
/// <param name="RetainedKeys">The keys of jobs whose outcomes are retained; default in snapshots of earlier versions.</param>
/// <param name="Sessions">The sessions; default in snapshots of earlier versions.</param>
/// <param name="NextRange">The range of the next session.</param>
/// <param name="OtherSpecs">The settings of the other builds of the program; default in snapshots of earlier versions.</param>
/// <param name="Failed">The jobs that have failed and whose outcomes are retained; default in snapshots of earlier versions.</param>
/// <param name="Functions">The functions of the jobs whose outcomes are retained, each once.</param>
/// <param name="RetainedFunctions">The position in <paramref name="Functions"/> for each retained outcome.</param>
/// <param name="Builds">
/// The builds in the order in which they were opened for the first time; default in snapshots of earlier versions.
/// </param>
/// <param name="Canceled">The jobs without an outcome that a tool has canceled.</param>
/// <param name="RetainedFor">
/// The time in milliseconds for which each retained outcome is retained, 0 forever; default in snapshots of earlier versions, which mean
/// the settings with which the pool was opened last.
/// </param>
[WireContract("j.poolsnapshot", PermittedSenders.Coordinator)]
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record PoolSnapshot(
    PoolSpec Spec,
    JobId LastJob,
    [property: SharedFunctions] ImmutableArray<JobSpec> Pending,
    ImmutableArray<JobId> Begun,
    ImmutableArray<JobLoss> Lost,
    ImmutableArray<JobOutcome> Retained,
    ImmutableArray<long> RetainedSince,
    bool IsClosed,
    ImmutableArray<JobKey> RetainedKeys = default,
    ImmutableArray<StoredSession> Sessions = default,
    long NextRange = 0,
    ImmutableArray<PoolSpec> OtherSpecs = default,
    [property: SharedFunctions] ImmutableArray<JobSpec> Failed = default,
    ImmutableArray<StoredFunction> Functions = default,
    ImmutableArray<int> RetainedFunctions = default,
    ImmutableArray<StoredBuild> Builds = default,
    ImmutableArray<JobId> Canceled = default,
    ImmutableArray<long> RetainedFor = default) : IStoredRecord;

/// <summary>A build of the program.</summary>
/// <param name="Bundle">The code.</param>
/// <param name="Functions">Its named functions.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record StoredBuild(BundleId Bundle, ImmutableArray<NamedFunction> Functions);

/// <summary>A function of a build.</summary>
/// <param name="Name">The name of the function.</param>
/// <param name="Bundle">The code.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record StoredFunction(string Name, BundleId Bundle);

/// <summary>The key of a job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Key">Its key.</param>
/// <param name="Fingerprint">The hash of its function and arguments.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record JobKey(JobId Id, string Key, ReadOnlyMemory<byte> Fingerprint);
