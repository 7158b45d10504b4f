using System.Collections.Immutable;
using Actors.Messages.Jobs;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>
/// What a durable pool writes down of a moment, before anybody is told of it: one write for many jobs. Read in the order of its members.
/// </summary>
/// <param name="At">When, in milliseconds since 1970, UTC.</param>
/// <param name="Opened">The pool was opened so; null when nobody did.</param>
/// <param name="Accepted">Jobs that it took.</param>
/// <param name="Begun">Of those that may not be begun twice: what may have begun.</param>
/// <param name="Lost">Attempts that were charged.</param>
/// <param name="Ended">How jobs ended.</param>
/// <param name="Forgotten">Jobs whose outcome was taken, or kept for its time.</param>
/// <param name="IsClosed">It takes no more.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record PoolRecord(
    long At,
    PoolSpec? Opened,
    [property: SharedFunctions] ImmutableArray<JobSpec> Accepted,
    ImmutableArray<JobId> Begun,
    ImmutableArray<JobLoss> Lost,
    ImmutableArray<JobOutcome> Ended,
    ImmutableArray<JobId> Forgotten,
    bool IsClosed) : IStoredRecord;

/// <summary>A job was running in an executor that was lost.</summary>
/// <param name="Id">The job.</param>
/// <param name="Attempt">How that ended.</param>
[MemoryPackable]
public sealed partial record JobLoss(JobId Id, AttemptLoss Attempt);

/// <summary>All that a durable pool knows, so that what it wrote before can be deleted.</summary>
/// <param name="Spec">As it was opened.</param>
/// <param name="LastJob">The last job that it accepted.</param>
/// <param name="Pending">Those that have not ended, in their order.</param>
/// <param name="Begun">Of these, those that may have begun and may not be begun twice.</param>
/// <param name="Lost">The attempts of these that were charged.</param>
/// <param name="Retained">Outcomes that nobody has taken.</param>
/// <param name="RetainedSince">When each of them ended, in milliseconds since 1970, UTC.</param>
/// <param name="IsClosed">It takes no more.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record PoolSnapshot(
    PoolSpec Spec,
    JobId LastJob,
    [property: SharedFunctions] ImmutableArray<JobSpec> Pending,
    ImmutableArray<JobId> Begun,
    ImmutableArray<JobLoss> Lost,
    ImmutableArray<JobOutcome> Retained,
    ImmutableArray<long> RetainedSince,
    bool IsClosed) : IStoredRecord;
