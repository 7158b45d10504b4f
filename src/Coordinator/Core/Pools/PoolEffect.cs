using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;

namespace Actors.Coordinator.Pools;

/// <summary>What the pool's actor is to do after a decision.</summary>
internal abstract record PoolEffect
{
    /// <summary>Send these jobs to the executor, in this order.</summary>
    /// <param name="Executor">Which.</param>
    /// <param name="Jobs">The jobs.</param>
    /// <param name="First">The position of the first among all jobs of that executor.</param>
    public sealed record SendJobs(ExecutorId Executor, ImmutableArray<JobSpec> Jobs, long First) : PoolEffect;

    /// <summary>Tell the executor what the pool believes of it.</summary>
    /// <param name="Executor">Which.</param>
    /// <param name="State">What the pool believes.</param>
    /// <param name="Cancelled">Its jobs that were cancelled.</param>
    public sealed record SendComparison(ExecutorId Executor, NodeProtocol.ExpectedExecutorState State, ImmutableArray<JobId> Cancelled) : PoolEffect;

    /// <summary>Tell the client that these jobs have ended.</summary>
    public sealed record SendOutcomes(ImmutableArray<JobOutcome> Outcomes) : PoolEffect;

    /// <summary>A stored payload is not needed any more.</summary>
    public sealed record RemovePayload(PayloadId Payload) : PoolEffect;

    /// <summary>An attempt of the job was charged: to be remembered, where anything is.</summary>
    public sealed record RecordLostAttempt(JobId Job, AttemptLoss Attempt) : PoolEffect;

    /// <summary>Ask the executor for what it has not begun.</summary>
    public sealed record SendRevocation(ExecutorId Executor) : PoolEffect;

    /// <summary>Tell the client that these jobs have begun and are not cancelled.</summary>
    public sealed record SendNotWithdrawn(ImmutableArray<JobId> Jobs) : PoolEffect;

    /// <summary>Ask the executor to stop this job.</summary>
    public sealed record SendCancellation(ExecutorId Executor, JobId Job) : PoolEffect;

    /// <summary>Let the executor finish and end; another takes its place.</summary>
    public sealed record SendRetirement(ExecutorId Executor) : PoolEffect;

    /// <summary>Nothing can run here: every job has ended with this.</summary>
    public sealed record SendFailure(FailureInfo Reason) : PoolEffect;

    /// <summary>No executors are needed any more; those that run something are killed.</summary>
    public sealed record ReleaseExecutors(ImmutableArray<ExecutorId> Kill) : PoolEffect;

    /// <summary>The pool is over: no job, no executor.</summary>
    public sealed record FinishPool(long JobsDropped) : PoolEffect;
}
