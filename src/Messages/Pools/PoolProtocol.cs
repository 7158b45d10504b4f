using System.Collections.Immutable;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using MemoryPack;

namespace Actors.Messages.Pools;

/// <summary>
/// Client and pool. The client opens a pool at the coordinator and talks to the actor that answers; what the pool says goes to the
/// actor that opened it. When either end is lost, the pool is over: the client's jobs end, the executors are killed.
/// </summary>
public static partial class PoolProtocol
{
    /// <summary>
    /// Client to coordinator: where is this durable pool? Answered by <see cref="PoolFound"/>. The client goes there itself: a coordinator that it has not connected to
    /// may not be able to reach it.
    /// </summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FindPool(PoolId Pool) : IWireMessage;

    /// <summary>The durable pool is there: open it.</summary>
    /// <param name="Pool">Which.</param>
    /// <param name="Path">The path of its actor, with the address.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolFound(PoolId Pool, string Path) : IWireMessage;

    /// <summary>Client to coordinator: make this pool. Answered by <see cref="PoolOpened"/> (its sender is the pool) or <see cref="PoolRefused"/>.</summary>
    /// <param name="Pool">Which.</param>
    /// <param name="Spec">How it is to be.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OpenPool(PoolId Pool, PoolSpec Spec) : IWireMessage;

    /// <summary>The pool is there.</summary>
    /// <param name="Pool">Which.</param>
    /// <param name="LastJob">The last job that it has accepted: of a durable pool that was there before, else 0.</param>
    /// <param name="IsClosed">It takes no more jobs.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolOpened(PoolId Pool, JobId LastJob, bool IsClosed) : IWireMessage;

    /// <summary>The pool was not made.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolRefused(PoolId Pool, string Reason) : IWireMessage;

    /// <summary>Client to pool: accept these jobs. Each is answered, some day, by one <see cref="JobOutcome"/>.</summary>
    /// <param name="Jobs">In the order in which they were submitted.</param>
    /// <param name="WantsReply">Answer with <see cref="JobsAccepted"/>. Who waits for one job alone has no use for it, and would only wait longer.</param>
    /// <param name="Number">Counts the submissions of one client to one pool, from 1; 0 for a client that keeps none and acknowledges
    /// nothing.</param>
    /// <param name="Acknowledged">The last <see cref="JobsEnded"/> that the client has.</param>
    [MemoryPackable]
    public sealed partial record SubmitJobs(
        [property: SharedFunctions] ImmutableArray<JobSpec> Jobs, bool WantsReply = true, long Number = 0, long Acknowledged = 0)
        : IWireMessage;

    /// <summary>Pool to client: the last <see cref="SubmitJobs"/> is taken and there is room for another.</summary>
    /// <param name="Number">Its number: all before it are taken too. 0 for the first that is not known to be taken.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsAccepted(long Number = 0) : IWireMessage
    {
        /// <summary>The answer to a submission without a number.</summary>
        public static JobsAccepted Instance { get; } = new();
    }

    /// <summary>Pool to client: these jobs ended. The pool keeps it until the client has acknowledged it.</summary>
    /// <param name="Outcomes">How they ended.</param>
    /// <param name="Number">Counts these messages of one pool to one client, from 1; 0 for one that is not kept.</param>
    /// <param name="Submitted">The last <see cref="SubmitJobs"/> that the pool has.</param>
    [MemoryPackable]
    public sealed partial record JobsEnded(ImmutableArray<JobOutcome> Outcomes, long Number = 0, long Submitted = 0) : IWireMessage;

    /// <summary>Client to pool: I have these <see cref="JobsEnded"/>.</summary>
    /// <param name="Number">The last of them.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record AcknowledgeJobsEnded(long Number) : IWireMessage;

    /// <summary>
    /// Client to pool, while its jobs are outstanding and nothing comes: what the client believes. The pool sends again what the client
    /// does not have, and answers
    /// with <see cref="ComparePoolReply"/>.
    /// </summary>
    /// <param name="Acknowledged">The last <see cref="JobsEnded"/> that the client has.</param>
    /// <param name="Cancelled">The jobs that it has cancelled and that have not ended.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ComparePool(long Acknowledged, ImmutableArray<JobId> Cancelled) : IWireMessage;

    /// <summary>Pool to client: what the pool believes. The client sends again what the pool does not have.</summary>
    /// <param name="Submitted">The last <see cref="SubmitJobs"/> that the pool has.</param>
    /// <param name="Accepted">The last one that it has accepted.</param>
    /// <param name="Ending">How far its end has come.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ComparePoolReply(long Submitted, long Accepted, PoolEnding Ending) : IWireMessage;

    /// <summary>How far the end of a pool has come.</summary>
    public enum PoolEnding : byte
    {
        /// <summary>It takes jobs.</summary>
        Open = 0,

        /// <summary>It was closed.</summary>
        Closed = 1,

        /// <summary>Its jobs have ended, or were terminated.</summary>
        Ending = 2,
    }

    /// <summary>
    /// Client to a durable pool: I wait for these, which you have accepted. Answered by one <see cref="JobOutcome"/> each, now or later; one that the pool
    /// does not know (any more) ends as <see cref="JobStatus.Unknown"/>.
    /// </summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record AttachToJobs(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to a durable pool: I have these outcomes; forget them.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ForgetOutcomes(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to a durable pool: I go. Answered by <see cref="PoolFinished"/>.</summary>
    /// <param name="Unload">The coordinator goes with me: end the executors; what was accepted goes on when the pool is opened again. Otherwise it goes on now.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DetachFromPool(bool Unload) : IWireMessage;

    /// <summary>Client to pool: these jobs are not wanted any more; each still ends once.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CancelJobs(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to pool: end those of these jobs as cancelled that have not begun. The others go on, and are named in <see cref="JobsNotWithdrawn"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WithdrawJobs(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to pool: end every job as cancelled that has not begun.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WithdrawAllJobs : IWireMessage;

    /// <summary>Pool to client: these jobs have begun or have ended; they are not cancelled.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsNotWithdrawn(ImmutableArray<JobId> Jobs) : IWireMessage;

    /// <summary>Client to pool: does this job run? Answered by <see cref="QueryJobReply"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record QueryJob(JobId Job) : IWireMessage;

    /// <summary>Pool to client: whether a worker runs the job.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record QueryJobReply(JobId Job, bool IsRunning) : IWireMessage;

    /// <summary>Client to pool: no more jobs follow; run what there is, then answer <see cref="PoolFinished"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ClosePool : IWireMessage;

    /// <summary>Client to pool: end every job as terminated, kill the executors, then answer <see cref="PoolFinished"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record TerminatePool : IWireMessage;

    /// <summary>Pool to client: every job has ended and every executor is gone.</summary>
    /// <param name="JobsDropped">How many jobs ended with the pool.</param>
    /// <param name="LastEnded">The number of the last <see cref="JobsEnded"/>; 0 when none is kept.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolFinished(long JobsDropped, long LastEnded = 0) : IWireMessage;

    /// <summary>
    /// Durable pool to client, the last word: it cannot go on here. What it has accepted is kept; nothing of it ends.
    /// </summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolInterrupted(string Reason) : IWireMessage;

    /// <summary>Pool to client: nothing can run here any more; every job has ended with this reason.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PoolFailed(FailureInfo Reason) : IWireMessage;

    /// <summary>Pool to client: an executor is ready.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerStarted(ExecutorId Executor, string Node, int ProcessId) : IWireMessage;

    /// <summary>Pool to client: an executor process has ended.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerEnded(ExecutorId Executor, string Node, int ProcessId, ExecutorExit Exit) : IWireMessage;

    /// <summary>Pool to client: what an executor printed.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerOutput(ExecutorId Executor, bool IsError, ReadOnlyMemory<byte> Text) : IWireMessage;

    /// <summary>Client to pool: the output was written; send more.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record WorkerOutputWritten(ExecutorId Executor, bool IsError) : IWireMessage;

    /// <summary>Client to pool: report how far the running chunks of maps are. Each is answered by <see cref="MapProgressReport"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RequestMapProgress : IWireMessage;

    /// <summary>Pool to client: so many items of the chunk have ended.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record MapProgressReport(JobId Job, int Items) : IWireMessage;

    /// <summary>Client to pool: kill this executor process, as a fault would.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record KillWorker(ExecutorId Executor) : IWireMessage;

    /// <summary>Asks one executor process to end, as <c>kill</c> does.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record TerminateWorker(ExecutorId Executor) : IWireMessage;
}
