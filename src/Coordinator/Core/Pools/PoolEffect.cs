using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;

namespace Actors.Coordinator.Pools;

/// <summary>An action that <see cref="PoolState"/> requests from its actor.</summary>
public abstract record PoolEffect
{
    /// <summary>Sends jobs to an executor, in this order.</summary>
    /// <param name="Executor">The executor.</param>
    /// <param name="Jobs">The jobs.</param>
    /// <param name="First">The position of the first job among all jobs of that executor.</param>
    public sealed record SendJobs(ExecutorId Executor, ImmutableArray<JobSpec> Jobs, long First) : PoolEffect;

    /// <summary>Sends an executor the state that the pool assumes.</summary>
    /// <param name="Executor">The executor.</param>
    /// <param name="State">The assumed state.</param>
    /// <param name="Canceled">The canceled jobs of the executor.</param>
    public sealed record SendComparison(
        ExecutorId Executor, NodeProtocol.ExpectedExecutorState State, ImmutableArray<JobId> Canceled) : PoolEffect;

    /// <summary>Sends outcomes to the client.</summary>
    public sealed record SendOutcomes(ImmutableArray<JobOutcome> Outcomes) : PoolEffect;

    /// <summary>Removes a stored payload that is no longer needed.</summary>
    public sealed record RemovePayload(PayloadId Payload) : PoolEffect;

    /// <summary>Removes the stored result of a refused outcome.</summary>
    public sealed record RemoveResult(PayloadId Payload) : PoolEffect;

    /// <summary>Records a lost attempt of a job. Only durable pools do so.</summary>
    public sealed record RecordLostAttempt(JobId Job, AttemptLoss Attempt) : PoolEffect;

    /// <summary>Records how long jobs have waited. Requested while <see cref="PoolState.MeasuresWaits"/> is set.</summary>
    public sealed record RecordWaits(ImmutableArray<JobWait> Waits) : PoolEffect;

    /// <summary>Asks an executor to return the jobs that have not begun.</summary>
    public sealed record SendRevocation(ExecutorId Executor) : PoolEffect;

    /// <summary>Tells the client that these jobs have begun and were not canceled.</summary>
    public sealed record SendNotWithdrawn(ImmutableArray<JobId> Jobs) : PoolEffect;

    /// <summary>Asks an executor to stop a canceled job.</summary>
    public sealed record SendCancellation(ExecutorId Executor, JobId Job) : PoolEffect;

    /// <summary>Lets an executor finish its jobs and end. Its node starts another one.</summary>
    public sealed record SendRetirement(ExecutorId Executor) : PoolEffect;

    /// <summary>Tells the client that the pool has failed and every job has ended with this reason.</summary>
    public sealed record SendFailure(FailureInfo Reason) : PoolEffect;

    /// <summary>Releases all executors. Those with running jobs are killed.</summary>
    /// <param name="Kill">The executors with running jobs.</param>
    /// <param name="IsAbandoned">Whether their running jobs are canceled first, because the client has disconnected.</param>
    public sealed record ReleaseExecutors(ImmutableArray<ExecutorId> Kill, bool IsAbandoned = false) : PoolEffect;

    /// <summary>Ends the pool: it has no jobs and no executors.</summary>
    public sealed record FinishPool(long JobsDropped) : PoolEffect;
}
