using System.Collections.Immutable;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>
/// The protocol of worker node and coordinator. The node joins and sends heartbeats; pools request workers from the node; then pools and
/// workers exchange jobs. A pool sends to the actor of the worker, the sender of <see cref="ExecutorReady"/>.
/// </summary>
public static partial class NodeProtocol
{
    /// <summary>Node to coordinator: joins. Answered by <see cref="JoinAccepted"/>.</summary>
    /// <param name="Node">The id of the node until it joins again.</param>
    /// <param name="Name">The name of the node: host and process id.</param>
    /// <param name="Slots">The number of workers that it can run.</param>
    /// <param name="Traits">Its labels and resources; null for none.</param>
    [WireContract("n.join", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Join(NodeId Node, string Name, int Slots, NodeTraits? Traits = null) : IWireMessage;

    /// <summary>Coordinator to node: confirms the join. Both ends then send <see cref="Heartbeat"/>.</summary>
    [WireContract("n.joined", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JoinAccepted(NodeId Node) : IWireMessage;

    /// <summary>
    /// Node and coordinator to each other, every half second. A node that receives none for the lease time kills its workers.
    /// </summary>
    /// <param name="Node">The node.</param>
    /// <param name="Waiting">From the coordinator: the number of jobs of its pools that wait for a worker.</param>
    /// <param name="Idle">From the coordinator: the number of idle workers of its pools.</param>
    /// <param name="Provided">From the node: the number of the last received <see cref="ProvideExecutors"/>.</param>
    /// <param name="Coordinators">
    /// From the coordinator: HOST:PORT of each other coordinator of its cluster. The node has a session with each.
    /// </param>
    [WireContract("n.beat", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Heartbeat(
        NodeId Node, long Waiting = 0, long Idle = 0, long Provided = 0, ImmutableArray<string> Coordinators = default) : IWireMessage;

    /// <summary>Coordinator to node: the node was removed. It kills its workers and joins again.</summary>
    [WireContract("n.unknown", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeUnknown(NodeId Node) : IWireMessage;

    /// <summary>
    /// Node to coordinator: the node drains. It starts no workers; the existing ones end their running job, return the others and stop.
    /// </summary>
    [WireContract("n.drain", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeDraining(NodeId Node) : IWireMessage;

    /// <summary>Node to coordinator: all workers have ended, and the node leaves.</summary>
    [WireContract("n.left", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeLeft(NodeId Node) : IWireMessage;

    /// <summary>Operator to coordinator: requests the nodes. Answered by <see cref="ListNodesReply"/>.</summary>
    [WireContract("n.list", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListNodes : IWireMessage;

    /// <summary>Coordinator to operator: the nodes.</summary>
    [WireContract("n.listed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListNodesReply(ImmutableArray<NodeInfo> Nodes) : IWireMessage;

    /// <summary>
    /// Operator to coordinator: drains a node. Answered by <see cref="ListNodesReply"/> with this node, or with no node if it is unknown.
    /// </summary>
    /// <param name="Name">The name in <see cref="ListNodesReply"/>.</param>
    [WireContract("n.drainnode", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DrainNode(string Name) : IWireMessage;

    /// <summary>Coordinator to node: an operator requests that the node drains.</summary>
    [WireContract("n.pleasedrain", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record StartDraining : IWireMessage;

    /// <summary>
    /// Pool to node: sets the number of workers for the pool. At 0, workers end their running job and stop. Replaces earlier messages.
    /// </summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Spec">The settings of the pool.</param>
    /// <param name="Executors">The number of workers.</param>
    /// <param name="Number">
    /// The number of this message in the session, from 1; 0 within one process. The message is sent again until a heartbeat confirms its
    /// receipt.
    /// </param>
    [WireContract("n.provide", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ProvideExecutors(PoolId Pool, PoolSpec Spec, int Executors, long Number = 0) : IWireMessage;

    /// <summary>Worker to pool: a process is being started. <see cref="ExecutorReady"/> or <see cref="ExecutorExited"/> follows.</summary>
    [WireContract("n.starting", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorStarting(ExecutorId Executor, NodeId Node) : IWireMessage;

    /// <summary>Worker to pool: the process has started, loaded the code and run the initializer.</summary>
    [WireContract("n.ready", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorReady(ExecutorId Executor, NodeId Node, string NodeName, int ProcessId) : IWireMessage;

    /// <summary>Pool to worker: run jobs in this order.</summary>
    /// <param name="Jobs">The jobs.</param>
    /// <param name="First">
    /// The position of the first job among all jobs that the pool has sent to this worker, from 1; 0 if positions are not counted.
    /// </param>
    /// <param name="Acknowledged">The last <see cref="IExecutorReport"/> of the worker that the pool has received.</param>
    [WireContract("n.run", PermittedSenders.Coordinator)]
    [MemoryPackable]
    public sealed partial record RunJobs(
        [property: SharedFunctions] ImmutableArray<JobSpec> Jobs, long First = 0, long Acknowledged = 0) : IWireMessage;

    /// <summary>
    /// A report of a worker about jobs. The node stores each report until the pool has acknowledged it, and sends it again when the pool
    /// requests it (<see cref="CompareExecutor"/>).
    /// </summary>
    public interface IExecutorReport : IWireMessage
    {
        /// <summary>The worker.</summary>
        ExecutorId Executor { get; }

        /// <summary>The number of this report among those of the worker, from 1; 0 for a report that is not stored.</summary>
        long Number { get; }
    }

    /// <summary>Worker to pool: jobs have ended, in the order in which they ran.</summary>
    /// <param name="Executor">The worker.</param>
    /// <param name="Outcomes">The outcomes.</param>
    /// <param name="BusyMicroseconds">The total run time of their functions. The pool sends jobs for a few milliseconds ahead.</param>
    /// <param name="Number">See <see cref="IExecutorReport.Number"/>.</param>
    [WireContract("n.done", PermittedSenders.Node)]
    [MemoryPackable]
    public sealed partial record JobsDone(
        ExecutorId Executor, ImmutableArray<JobOutcome> Outcomes, long BusyMicroseconds, long Number = 0) : IExecutorReport;

    /// <summary>Pool to worker: revokes the jobs that have not begun. Answered by <see cref="JobsReturned"/>.</summary>
    [WireContract("n.recall", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RevokeJobs : IWireMessage;

    /// <summary>Worker to pool: returns jobs that have not begun. The worker does not run them.</summary>
    [WireContract("n.back", PermittedSenders.Node)]
    [MemoryPackable]
    public sealed partial record JobsReturned(ExecutorId Executor, ImmutableArray<JobId> Jobs, long Number = 0) : IExecutorReport;

    /// <summary>Worker to pool: jobs at these positions never arrived. If they arrive later, the worker does not run them.</summary>
    /// <param name="Executor">The worker.</param>
    /// <param name="First">The first position; see <see cref="RunJobs"/>.</param>
    /// <param name="Last">The last position.</param>
    /// <param name="Number">See <see cref="IExecutorReport.Number"/>.</param>
    [WireContract("n.missed", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsMissed(ExecutorId Executor, long First, long Last, long Number) : IExecutorReport;

    /// <summary>Worker to pool: the jobs of the process. Earlier reports contain those that have ended or were returned.</summary>
    /// <param name="Executor">The worker.</param>
    /// <param name="Last">The position of the last job that was sent to the process before the request.</param>
    /// <param name="Jobs">The running job and those that have not begun.</param>
    /// <param name="LastBegun">The last job that the process began; 0 for none.</param>
    /// <param name="Number">See <see cref="IExecutorReport.Number"/>.</param>
    [WireContract("n.held", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsHeld(
        ExecutorId Executor, long Last, ImmutableArray<JobId> Jobs, JobId LastBegun, long Number) : IExecutorReport;

    /// <summary>
    /// Pool to worker: the state of the pool. The worker sends unacknowledged reports again, reports jobs that did not arrive
    /// (<see cref="JobsMissed"/>), and carries out requests that did not reach it.
    /// </summary>
    /// <param name="Executor">The worker.</param>
    /// <param name="Acknowledged">The last report that the pool has received.</param>
    /// <param name="LastSent">The position of the last job that the pool has sent.</param>
    /// <param name="State">The state of the worker that the pool expects.</param>
    /// <param name="Canceled">The jobs of this worker that the pool has canceled.</param>
    [WireContract("n.compare", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CompareExecutor(
        ExecutorId Executor, long Acknowledged, long LastSent, ExpectedExecutorState State, ImmutableArray<JobId> Canceled) : IWireMessage;

    /// <summary>The state of a worker that a pool expects.</summary>
    [Flags]
    public enum ExpectedExecutorState : byte
    {
        /// <summary>None of the following.</summary>
        None = 0,

        /// <summary>It has reported that it is ready.</summary>
        IsReady = 1,

        /// <summary>Its jobs were revoked, and it has not replied.</summary>
        IsRevoking = 2,

        /// <summary>It shall end its running job and stop.</summary>
        IsRetiring = 4,

        /// <summary>It shall end at once.</summary>
        IsKilled = 8,

        /// <summary>It has sent nothing for long. Its process shall list its jobs. Answered by <see cref="JobsHeld"/>.</summary>
        IsSilent = 16,

        /// <summary>
        /// Besides <see cref="IsKilled"/>: its client has disconnected. Its running job is canceled, and may end within the grace time.
        /// </summary>
        IsAbandoned = 32,
    }

    /// <summary>Pool to worker: cancels a job. If it does not end within the pool's grace time, the process is killed.</summary>
    [WireContract("n.cancel", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CancelRunningJob(JobId Job) : IWireMessage;

    /// <summary>Pool to worker: end the running job, return the others, and end the process.</summary>
    [WireContract("n.retire", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RetireExecutor : IWireMessage;

    /// <summary>Pool to worker: end the process at once.</summary>
    /// <param name="IsAbandoned">
    /// Whether the client has disconnected: the running job is canceled, and may end within the pool's grace time.
    /// </param>
    [WireContract("n.kill", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record KillExecutor(bool IsAbandoned = false) : IWireMessage;

    /// <summary>To an executor's actor: ask the process to end, as <c>kill</c> does.</summary>
    [WireContract("n.terminateexecutor", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record TerminateExecutor : IWireMessage;

    /// <summary>
    /// Pool to worker: requests the progress of the running chunk. Answered by <see cref="JobProgressReport"/> if a chunk is running.
    /// </summary>
    [WireContract("n.askprogress", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RequestJobProgress : IWireMessage;

    /// <summary>Worker to pool: the progress of a job.</summary>
    /// <param name="Executor">The worker.</param>
    /// <param name="Job">The job.</param>
    /// <param name="Items">The number of ended items of a chunk; 0 with a value.</param>
    /// <param name="Value">A value that the job has reported; null for a chunk.</param>
    [WireContract("n.progress", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobProgressReport(
        ExecutorId Executor, JobId Job, int Items, ProgressValue? Value = null) : IWireMessage;

    /// <summary>
    /// Worker to pool: the worker ends its running job and accepts no more, because its node drains or a limit for its replacement is
    /// reached.
    /// </summary>
    [WireContract("n.retiring", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorRetiring(ExecutorId Executor) : IWireMessage;

    /// <summary>Worker to pool, as its last message: the process has ended.</summary>
    /// <param name="Executor">The worker.</param>
    /// <param name="Node">The node.</param>
    /// <param name="NodeName">The name of the node.</param>
    /// <param name="ProcessId">The process id; 0 if none was started.</param>
    /// <param name="Exit">How the process ended.</param>
    /// <param name="LastBegun">The last job that began; 0 for none.</param>
    /// <param name="LastEnded">The last job that ended, reported or not; equal to <paramref name="LastBegun"/> if none was running.</param>
    /// <param name="Failure">The reason why it could not start; null if it started.</param>
    [WireContract("n.exited", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorExited(
        ExecutorId Executor, NodeId Node, string NodeName, int ProcessId, ExecutorExit Exit,
        JobId LastBegun, JobId LastEnded, FailureInfo? Failure) : IWireMessage;

    /// <summary>Worker to pool: output of the process. The next output follows after <see cref="ExecutorOutputReceived"/>.</summary>
    [WireContract("n.output", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorOutput(ExecutorId Executor, bool IsError, ReadOnlyMemory<byte> Text) : IWireMessage;

    /// <summary>Pool to worker: the output was received; send more.</summary>
    [WireContract("n.taken", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorOutputReceived(bool IsError) : IWireMessage;
}
