using System.Collections.Immutable;
using Actors.Messages.Jobs;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <content>Requests to a durable pool from clients that need not have opened it.</content>
public static partial class PoolProtocol
{
    /// <summary>
    /// Client to a durable pool, which it need not have opened: closes the pool for all programs. Answered by
    /// <see cref="DurablePoolClosed"/>.
    /// </summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="CancelsJobs">Whether to cancel the jobs that have not ended; otherwise they run.</param>
    [WireContract("p.closename", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CloseDurablePool(PoolId Pool, bool CancelsJobs) : IWireMessage;

    /// <summary>
    /// Client to a durable pool, which it need not have opened: lists jobs in the order of their ids. Answered by
    /// <see cref="JobsListed"/>.
    /// </summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="After">The id before the first one.</param>
    /// <param name="Count">The highest number of jobs, from 1.</param>
    [WireContract("p.listjobs", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListJobs(PoolId Pool, JobId After, int Count) : IWireMessage;

    /// <summary>Durable pool to client: the jobs that have not ended, and those whose outcomes are retained.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Exists">Whether the pool exists.</param>
    /// <param name="Jobs">The jobs.</param>
    [WireContract("p.joblist", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsListed(PoolId Pool, bool Exists, ImmutableArray<ListedJob> Jobs) : IWireMessage;

    /// <summary>A job of a durable pool.</summary>
    /// <param name="Id">The job.</param>
    /// <param name="Function">The name of its function.</param>
    /// <param name="Key">Its key; null for none.</param>
    /// <param name="Priority">Its priority.</param>
    /// <param name="Bundle">Its code.</param>
    /// <param name="LostAttempts">The number of lost attempts of a job that has not ended.</param>
    /// <param name="Status">How it has ended; null if it has not.</param>
    /// <param name="EndedAt">When it ended, in milliseconds since 1970, UTC; 0 if it has not.</param>
    /// <param name="Failure">The message of its failure; null for none.</param>
    /// <param name="WaitsForBuild">Whether it waits for a build that knows its name.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListedJob(
        JobId Id, string Function, string? Key, int Priority, BundleId Bundle, int LostAttempts, JobStatus? Status, long EndedAt,
        string? Failure, bool WaitsForBuild = false);

    /// <summary>A change of jobs.</summary>
    public enum JobChange : byte
    {
        /// <summary>Cancels jobs that have not ended.</summary>
        Cancel = 0,

        /// <summary>Runs jobs again that have failed.</summary>
        Retry = 1,

        /// <summary>Forgets the outcomes of jobs that have ended.</summary>
        Delete = 2,
    }

    /// <summary>
    /// Client to a durable pool, which it need not have opened: changes jobs. Answered by <see cref="JobsChanged"/> when that is written.
    /// </summary>
    [WireContract("p.changejobs", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ChangeJobs(PoolId Pool, JobChange Change, ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Durable pool to client: those of the jobs to which the change applied.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Exists">Whether the pool exists.</param>
    /// <param name="Jobs">The jobs.</param>
    [WireContract("p.changedjobs", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsChanged(PoolId Pool, bool Exists, ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Durable pool to client: the pool is closed, and that is written.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Exists">Whether the pool exists.</param>
    [WireContract("p.closedname", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DurablePoolClosed(PoolId Pool, bool Exists) : IWireMessage;
}
