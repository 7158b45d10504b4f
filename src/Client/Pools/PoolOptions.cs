using System.Collections.Immutable;
using Actors.Messages.Nodes;
using Actors.Runtime;

namespace Actors;

/// <summary>How a <see cref="ProcessPool"/> is to be. Immutable; change a copy with <c>with</c>.</summary>
public sealed record PoolOptions
{
    private const int LongestName = 100;

    /// <summary>How often a job is started at most when its executors are lost, where the job does not say. Default 3; at least 1. At 1 no job is ever started twice.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>An executor is replaced after so many jobs (a chunk of a map counts as one), as Python's <c>maxtasksperchild</c>. Null, the default, is never; at least 1.</summary>
    public int? MaxJobsPerWorker { get; init; }

    /// <summary>
    /// The most resident memory in bytes that an executor may take. One that takes more is killed and replaced; the job that it was
    /// running ends with <see cref="MemoryLimitExceededException"/>. Null, the default, is no limit; at least 64 MiB.
    /// </summary>
    public long? MaxMemoryPerWorker { get; init; }

    /// <summary>
    /// An executor whose resident memory is above this number of bytes is replaced between two jobs: the one that it runs ends as always,
    /// and those behind it go to others, so that nothing is lost or run twice. Each runs one job at least. It is looked at every 100 ms;
    /// garbage that was not collected yet counts. Null, the default, is no limit; at least 64 MiB, and less than <see cref="MaxMemoryPerWorker"/>.
    /// </summary>
    public long? RecycleAboveMemory { get; init; }

    /// <summary>
    /// An executor that has run for so long, busy or idle, is replaced, between two jobs as with <see cref="RecycleAboveMemory"/>. Null, the default, is
    /// never; from 1 s to 24.8 days, or <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan? RecycleAfter { get; init; }

    /// <summary>Runs in every executor before its first job, as Python's <c>initializer</c>. When it throws, the pool fails with its exception.</summary>
    public PoolInitializer? Initializer { get; init; }

    /// <summary>How long a cancelled job may go on before its executor is killed. Default 2 s; from 0 to 24.8 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> to let it end by itself.</summary>
    public TimeSpan CancellationGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long jobs wait while no worker node is there at all; then the pool fails. Default 60 s; from 0 to 24.8 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> to wait for ever.
    /// </summary>
    public TimeSpan NodeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What a worker node must be labelled with (<c>--label</c>) to run this pool's executors. Default: nothing. For a cluster's pools; each from 1 to 100 characters.
    /// While no node has them all, jobs wait for <see cref="NodeTimeout"/>.
    /// </summary>
    public IReadOnlyCollection<string> RequiredLabels { get; init; } = [];

    /// <summary>
    /// How much each executor needs of what a worker node has of a kind (<c>--resource</c>), such as <c>["gpu"] = 1</c>: a node runs as many executors as it has enough for. Default:
    /// nothing. For a cluster's pools; amounts are more than 0, names have from 1 to 100 characters.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> ResourcesPerWorker { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>How many jobs may be outstanding; submitting one more blocks the submitting thread until one has ended. Default 1,048,576; at least 1.</summary>
    public int MaxPendingJobs { get; init; } = 1 << 20;

    /// <summary>
    /// Where the executors' standard output goes. Default: this process's own, unaltered bytes. When a write takes more than 5 s, lines are dropped until it
    /// ends, and a line says how many.
    /// </summary>
    public Stream? Output { get; init; }

    /// <summary>Where the executors' standard error goes. Default: this process's own, unaltered bytes.</summary>
    public Stream? Error { get; init; }

    /// <summary>
    /// Makes the pool durable, under this name: what it has accepted outlives this program, the coordinator and the machine, and goes on when they are there
    /// again. Whoever opens a pool of the same name at the same coordinator, or in the same <see cref="Store"/>, has the same pool; the last one to open
    /// it is its client. Where it has jobs already it stays as it was opened first, and is opened by the same build of the program only. Jobs run without
    /// <see cref="NodeTimeout"/>: they wait for workers for ever. Null, the default, is a pool that ends with its client. From 1 to 200 characters.
    /// </summary>
    public string? DurableName { get; init; }

    /// <summary>
    /// Where a durable pool of this program's own is written; <c>SqliteStore</c> of the package <c>Actors.Durability</c> is a file. A cluster's pools are written where its
    /// coordinators say. Null, the default, for pools that are not durable, or a cluster's.
    /// </summary>
    public DurableStore? Store { get; init; }

    /// <summary>How long a durable pool keeps the outcome of a job that nobody waits for. Default one day; from 0, of any length, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> to keep it for ever.</summary>
    public TimeSpan ResultsKeptFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a pool on a cluster looks for a coordinator when its own is lost; jobs wait meanwhile. A durable pool is found again. Any other is opened anew
    /// at one of the other coordinators that <c>connect</c> names, and given all jobs that have not ended, which run again (one that may run only once and was
    /// sent ends with <see cref="CoordinatorLostException"/>); where <c>connect</c> names no other, all end so at once. After this time every job ends
    /// with <see cref="CoordinatorLostException"/>; what a durable pool has accepted is kept. Default 60 s; from 0 to 24.8 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit.
    /// </summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What an executor needs of its node; null for nothing.</summary>
    internal NodeTraits? Needs => RequiredLabels.Count + ResourcesPerWorker.Count == 0
        ? null
        : new NodeTraits([.. RequiredLabels.Distinct()], [.. ResourcesPerWorker.Select(resource => new ResourceAmount(resource.Key, resource.Value))]);

    /// <summary>Without a limit, the longest time that a node can set a timer for.</summary>
    internal long CancellationGraceMilliseconds => TimeoutRule.Milliseconds(CancellationGrace) is var grace and >= 0 ? grace : int.MaxValue;

    /// <summary>At least 1; 0 keeps outcomes for ever.</summary>
    internal long ResultsKeptMilliseconds => ResultsKeptFor == Timeout.InfiniteTimeSpan || ResultsKeptFor == TimeSpan.MaxValue
        ? 0
        : Math.Max(1, (long)ResultsKeptFor.TotalMilliseconds);

    internal void Validate()
    {
        if (RequiredLabels.Concat(ResourcesPerWorker.Keys).Any(name => name is not { Length: > 0 and <= LongestName }))
            throw new ArgumentException($"{nameof(RequiredLabels)} and {nameof(ResourcesPerWorker)} have names of 1 to {LongestName} characters.");
        if (ResourcesPerWorker.Any(resource => resource.Value <= 0))
            throw new ArgumentOutOfRangeException(nameof(ResourcesPerWorker), $"{nameof(PoolOptions)}.{nameof(ResourcesPerWorker)} must be more than 0.");
        if (DurableName is { Length: 0 or > 200 })
            throw new ArgumentException($"{nameof(PoolOptions)}.{nameof(DurableName)} must have from 1 to 200 characters.", nameof(DurableName));
        // Not a wait, so it may be longer than one.
        if (ResultsKeptFor < TimeSpan.Zero && ResultsKeptFor != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(ResultsKeptFor), ResultsKeptFor, "Must not be negative, except Timeout.InfiniteTimeSpan.");
        TimeoutRule.Require(ReconnectFor);
        AtLeast(MaxAttempts, 1, nameof(MaxAttempts));
        AtLeast(MaxJobsPerWorker ?? 1, 1, nameof(MaxJobsPerWorker));
        AtLeast(MaxMemoryPerWorker ?? long.MaxValue, 64L << 20, nameof(MaxMemoryPerWorker));
        AtLeast(RecycleAboveMemory ?? long.MaxValue, 64L << 20, nameof(RecycleAboveMemory));
        AtLeast(MaxPendingJobs, 1, nameof(MaxPendingJobs));
        if (RecycleAboveMemory >= MaxMemoryPerWorker)
        {
            throw new ArgumentOutOfRangeException(
                nameof(RecycleAboveMemory), RecycleAboveMemory, $"Must be less than {nameof(MaxMemoryPerWorker)}, at which the executor is killed.");
        }

        if (TimeoutRule.Require(RecycleAfter) is var age && age >= TimeSpan.Zero && age < TimeSpan.FromSeconds(1))
            throw new ArgumentOutOfRangeException(nameof(RecycleAfter), age, "Must be at least 1 s: replacing workers more often leaves no time for jobs.");
        TimeoutRule.Require(CancellationGrace);
        TimeoutRule.Require(NodeTimeout);
    }

    private static void AtLeast(long value, long least, string name)
    {
        if (value < least)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(PoolOptions)}.{name} must be at least {least}.");
    }
}
