using System.Collections.Immutable;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>
/// The protocol of client and pool. The client opens a pool at the coordinator and sends to the actor that replies. The pool sends to the
/// actor that opened it. When either end is lost, the pool ends: the client's jobs end, and the workers are killed.
/// </summary>
public static partial class PoolProtocol
{
    /// <summary>
    /// Client to coordinator: requests the coordinator of a durable pool. Answered by <see cref="PoolFound"/>. The client connects to that
    /// coordinator itself, because a coordinator may be unable to reach a client that has not connected to it.
    /// </summary>
    [WireContract("p.find", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FindPool(PoolId Pool) : IWireMessage;

    /// <summary>Coordinator to client: names the durable pool's actor, where the client opens the pool.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Path">The path of its actor, with the address.</param>
    [WireContract("p.found", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolFound(PoolId Pool, string Path) : IWireMessage;

    /// <summary>
    /// Client to coordinator: opens a pool. Answered by <see cref="PoolOpened"/>, whose sender is the pool, or by
    /// <see cref="PoolRefused"/>.
    /// </summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Spec">The settings of the pool.</param>
    /// <param name="Session">The session of the client at a durable pool.</param>
    /// <param name="Range">The range of the session's job ids if the client continues a session; otherwise -1.</param>
    /// <param name="Functions">The named functions of the client's build, for a durable pool; default for none.</param>
    [WireContract("p.open", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OpenPool(
        PoolId Pool, PoolSpec Spec, SessionId Session = default, long Range = -1, ImmutableArray<NamedFunction> Functions = default)
        : IWireMessage;

    /// <summary>The pool is open.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="LastJob">The last accepted job of the session at a durable pool, or the start of its range; otherwise 0.</param>
    /// <param name="IsClosed">Whether the pool accepts no further jobs.</param>
    /// <param name="Range">The range of the session's job ids at a durable pool; otherwise 0. See <see cref="SessionRange"/>.</param>
    [WireContract("p.opened", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolOpened(PoolId Pool, JobId LastJob, bool IsClosed, long Range = 0) : IWireMessage;

    /// <summary>The pool was not opened, or the client has lost it.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Reason">The reason, as a message for users.</param>
    /// <param name="IsOverLimit">Whether the client uses as much of the coordinator as one client may.</param>
    [WireContract("p.refused", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolRefused(PoolId Pool, string Reason, bool IsOverLimit = false) : IWireMessage;

    /// <summary>Client to pool: submits jobs. Each ends with one <see cref="JobOutcome"/>.</summary>
    /// <param name="Jobs">The jobs, in the order of their submission.</param>
    /// <param name="WantsReply">
    /// Whether to reply with <see cref="JobsAccepted"/>. A client that waits for a single job does not need the reply, which would delay
    /// the outcome.
    /// </param>
    /// <param name="Number">
    /// The number of this message among the submissions of the client to the pool, from 1; 0 if the client neither stores nor acknowledges
    /// messages.
    /// </param>
    /// <param name="Acknowledged">The last <see cref="JobsEnded"/> that the client has received.</param>
    [WireContract("p.submit", PermittedSenders.Client)]
    [MemoryPackable]
    public sealed partial record SubmitJobs(
        [property: SharedFunctions] ImmutableArray<JobSpec> Jobs, bool WantsReply = true, long Number = 0, long Acknowledged = 0)
        : IWireMessage;

    /// <summary>Pool to client: the last <see cref="SubmitJobs"/> is accepted, and the pool has capacity for another.</summary>
    /// <param name="Number">
    /// The number of that message, which includes all before it; 0 for the first message that is not known to be accepted.
    /// </param>
    [WireContract("p.accepted", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsAccepted(long Number = 0) : IWireMessage;

    /// <summary>
    /// Durable pool to client: accepts a <see cref="SubmitJobs"/> with keys, instead of <see cref="JobsAccepted"/>. If it is lost, the
    /// client sends the submission again, and the pool decides again about its keys.
    /// </summary>
    /// <param name="Number">The number of the submission.</param>
    /// <param name="Existing">The jobs that were not accepted anew. All others are accepted.</param>
    [WireContract("p.acceptedkeys", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record KeyedJobsAccepted(long Number, ImmutableArray<ExistingJob> Existing) : IWireMessage;

    /// <summary>A submitted job whose key belongs to an existing job.</summary>
    /// <param name="Submitted">The id in the submission.</param>
    /// <param name="Existing">The job that has the key. The same id if the submission was accepted before.</param>
    /// <param name="IsSame">Whether function and arguments are equal; otherwise the submitted job is refused.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExistingJob(JobId Submitted, JobId Existing, bool IsSame);

    /// <summary>Pool to client: jobs have ended. The pool stores the message until the client has acknowledged it.</summary>
    /// <param name="Outcomes">The outcomes.</param>
    /// <param name="Number">
    /// The number of this message among those of the pool to the client, from 1; 0 for a message that is not stored.
    /// </param>
    /// <param name="Submitted">The last <see cref="SubmitJobs"/> that the pool has received.</param>
    [WireContract("p.ended", PermittedSenders.Coordinator)]
    [MemoryPackable]
    public sealed partial record JobsEnded(ImmutableArray<JobOutcome> Outcomes, long Number = 0, long Submitted = 0) : IWireMessage;

    /// <summary>Client to pool: acknowledges <see cref="JobsEnded"/> messages.</summary>
    /// <param name="Number">The number of the last received message.</param>
    [WireContract("p.acknowledge", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record AcknowledgeJobsEnded(long Number) : IWireMessage;

    /// <summary>
    /// Client to pool, while its jobs are outstanding and no message arrives: the state of the client. The pool sends unacknowledged
    /// messages again and replies with <see cref="ComparePoolReply"/>.
    /// </summary>
    /// <param name="Acknowledged">The last <see cref="JobsEnded"/> that the client has received.</param>
    /// <param name="Canceled">The canceled jobs that have not ended.</param>
    [WireContract("p.compare", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ComparePool(long Acknowledged, ImmutableArray<JobId> Canceled) : IWireMessage;

    /// <summary>Pool to client: the state of the pool. The client sends messages again that the pool has not received.</summary>
    /// <param name="Submitted">The last <see cref="SubmitJobs"/> that the pool has received.</param>
    /// <param name="Accepted">The last <see cref="SubmitJobs"/> that the pool has accepted.</param>
    /// <param name="Ending">The progress of the pool's end.</param>
    [WireContract("p.compared", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ComparePoolReply(long Submitted, long Accepted, PoolEnding Ending) : IWireMessage;

    /// <summary>The progress of a pool's end.</summary>
    public enum PoolEnding : byte
    {
        /// <summary>It accepts jobs.</summary>
        Open = 0,

        /// <summary>It is closed.</summary>
        Closed = 1,

        /// <summary>Its jobs have ended or were terminated.</summary>
        Ending = 2,
    }

    /// <summary>
    /// Client to a durable pool: waits for jobs that the pool accepted earlier. Each ends with one <see cref="JobOutcome"/>; for an unknown
    /// or expired job its status is <see cref="JobStatus.Unknown"/>, for one that no build can run <see cref="JobStatus.WithoutBuild"/>.
    /// </summary>
    [WireContract("p.attach", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record AttachToJobs(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to a durable pool: acknowledges outcomes that its code has received. The pool then deletes them.</summary>
    [WireContract("p.forget", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ForgetOutcomes(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>
    /// Client to a durable pool: leaves the pool. Answered by <see cref="PoolFinished"/>, or by <see cref="PoolInterrupted"/> if the pool
    /// has lost the connection before: the client must open the pool again, and submit the jobs again that were not accepted.
    /// </summary>
    /// <param name="Unload">
    /// Whether the coordinator ends with the client. If so, the workers end, and accepted jobs continue when the pool is opened again.
    /// Otherwise they continue now.
    /// </param>
    /// <param name="Submitted">As in <see cref="ClosePool"/>.</param>
    /// <param name="Range">The range of the session; less than 0 for a client that was not told of one.</param>
    [WireContract("p.detach", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DetachFromPool(bool Unload, long Submitted = 0, long Range = -1) : IWireMessage;

    /// <summary>Client to pool: cancels jobs. Each still ends with one outcome.</summary>
    [WireContract("p.cancel", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CancelJobs(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>
    /// Client to pool: cancels those of the jobs that have not begun. The others continue and are listed in <see cref="JobsNotWithdrawn"/>.
    /// </summary>
    /// <param name="Jobs">The jobs.</param>
    /// <param name="Number">
    /// The number of the request, from 1, so that a late repetition does not end a job of which the client knows that it continues. 0 for a
    /// request within the coordinator, which arrives once.
    /// </param>
    [WireContract("p.withdraw", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WithdrawJobs(ImmutableArray<JobId> Jobs, long Number = 0) : IWireMessage;

    /// <summary>Client to pool: cancels all jobs that have not begun.</summary>
    [WireContract("p.withdrawall", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WithdrawAllJobs : IWireMessage;

    /// <summary>Pool to client: these jobs have begun or ended and are not canceled.</summary>
    [WireContract("p.notwithdrawn", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsNotWithdrawn(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to pool: requests whether a job is running. Answered by <see cref="QueryJobReply"/>.</summary>
    [WireContract("p.inquire", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record QueryJob(JobId Job) : IWireMessage;

    /// <summary>Pool to client: states whether a worker runs the job.</summary>
    [WireContract("p.inquired", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record QueryJobReply(JobId Job, bool IsRunning) : IWireMessage;

    /// <summary>
    /// Client to pool: closes the pool, or ends the session at a durable pool. The remaining jobs of the client run, then the pool replies
    /// with <see cref="PoolFinished"/>.
    /// </summary>
    /// <param name="Submitted">
    /// The number of the client's last <see cref="SubmitJobs"/>. A pool that has not received it ignores the request, which the client
    /// sends again with its next comparison.
    /// </param>
    [WireContract("p.close", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ClosePool(long Submitted = 0) : IWireMessage;

    /// <summary>
    /// Client to pool: ends all jobs of the client and kills the workers that run them. Answered by <see cref="PoolFinished"/>. A durable
    /// pool reports the jobs as canceled; another pool sends no outcomes.
    /// </summary>
    [WireContract("p.terminate", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record TerminatePool : IWireMessage;

    /// <summary>Pool to client: all jobs and all workers have ended. At a durable pool only the jobs of the session.</summary>
    /// <param name="JobsDropped">The number of jobs that the pool dropped.</param>
    /// <param name="LastEnded">The number of the last <see cref="JobsEnded"/>; 0 if messages have no numbers.</param>
    [WireContract("p.finished", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolFinished(long JobsDropped, long LastEnded = 0) : IWireMessage;

    /// <summary>
    /// Durable pool to client, as its last message: the pool cannot continue here. Its accepted jobs remain stored and do not end.
    /// </summary>
    [WireContract("p.interrupted", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolInterrupted(string Reason) : IWireMessage;

    /// <summary>Pool to client: the pool cannot run jobs any more. All jobs have ended with this reason.</summary>
    [WireContract("p.failed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolFailed(FailureInfo Reason) : IWireMessage;

    /// <summary>Pool to client: a worker is ready.</summary>
    [WireContract("p.started", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerStarted(ExecutorId Executor, string Node, int ProcessId) : IWireMessage;

    /// <summary>Pool to client: a worker process has ended.</summary>
    [WireContract("p.exited", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerEnded(ExecutorId Executor, string Node, int ProcessId, ExecutorExit Exit) : IWireMessage;

    /// <summary>Pool to client: output of a worker.</summary>
    [WireContract("p.output", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerOutput(ExecutorId Executor, bool IsError, ReadOnlyMemory<byte> Text) : IWireMessage;

    /// <summary>Client to pool: the output was written; the pool may send more.</summary>
    [WireContract("p.taken", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerOutputWritten(ExecutorId Executor, bool IsError) : IWireMessage;

    /// <summary>Client to pool: requests the progress of running chunks. Each is reported by <see cref="MapProgressReport"/>.</summary>
    [WireContract("p.askprogress", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RequestMapProgress : IWireMessage;

    /// <summary>Pool to client: the progress of a job.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="Items">The number of ended items of a chunk; 0 with a value.</param>
    /// <param name="Value">A value that the job has reported; null for a chunk.</param>
    [WireContract("p.progress", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record MapProgressReport(JobId Job, int Items, ProgressValue? Value = null) : IWireMessage;

    /// <summary>Client to pool: kills a worker process, as a fault would.</summary>
    [WireContract("p.kill", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record KillWorker(ExecutorId Executor) : IWireMessage;

    /// <summary>Client to pool: sends SIGTERM to a worker process.</summary>
    [WireContract("p.terminateexecutor", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record TerminateWorker(ExecutorId Executor) : IWireMessage;
}
