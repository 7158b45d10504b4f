using System.Collections.Immutable;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>
/// Worker node and coordinator: joining and staying; then pool and node: how many executors; then pool and executor: the jobs.
/// The pool talks to an executor's own actor, the sender of its <see cref="ExecutorReady"/>.
/// </summary>
public static partial class NodeProtocol
{
    /// <summary>Node to coordinator: here I am. Answered by <see cref="NodeJoined"/>.</summary>
    /// <param name="Node">This incarnation of the node.</param>
    /// <param name="Name">For people: host and process id.</param>
    /// <param name="Slots">How many executors it offers.</param>
    /// <param name="Traits">What it has for them; null for nothing.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Join(NodeId Node, string Name, int Slots, NodeTraits? Traits = null) : IWireMessage;

    /// <summary>Coordinator to node: you are in; send <see cref="Heartbeat"/> and expect it back.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeJoined(NodeId Node) : IWireMessage;

    /// <summary>Both ways, every half second. A node that hears none for the lease time kills its executors.</summary>
    /// <param name="Node">Which.</param>
    /// <param name="Waiting">From the coordinator: how many jobs of its pools wait for an executor.</param>
    /// <param name="Idle">From the coordinator: how many executors of its pools have nothing to do.</param>
    /// <param name="Provided">From the node: the last <see cref="ProvideExecutors"/> that it has.</param>
    /// <param name="Coordinators">From the coordinator: HOST:PORT of each other coordinator of its cluster. The node keeps a session with each.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Heartbeat(
        NodeId Node, long Waiting = 0, long Idle = 0, long Provided = 0, ImmutableArray<string> Coordinators = default) : IWireMessage;

    /// <summary>Coordinator to node: this incarnation was given up; kill its executors and join anew.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeUnknown(NodeId Node) : IWireMessage;

    /// <summary>Node to coordinator: no new executors; those that are there finish their job, hand the rest back and stop.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeDraining(NodeId Node) : IWireMessage;

    /// <summary>Node to coordinator: every executor is gone; the node leaves.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record NodeLeft(NodeId Node) : IWireMessage;

    /// <summary>Operator to coordinator: which nodes are there? Answered by <see cref="ListNodesReply"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListNodes : IWireMessage;

    /// <summary>Coordinator to operator: these.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ListNodesReply(ImmutableArray<NodeInfo> Nodes) : IWireMessage;

    /// <summary>Operator to coordinator: let this node finish what runs, and go. Answered by <see cref="ListNodesReply"/>, with that node alone, or without any when it is not there.</summary>
    /// <param name="Name">As <see cref="ListNodesReply"/> has it.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DrainNode(string Name) : IWireMessage;

    /// <summary>Coordinator to node: an operator wants you to finish what runs, and go.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record StartDraining : IWireMessage;

    /// <summary>Pool to node: keep this many executors for me (0: let them finish what runs, then stop them). Replaces what was said before.</summary>
    /// <param name="Pool">For which pool.</param>
    /// <param name="Spec">What it asks of its executors.</param>
    /// <param name="Executors">How many.</param>
    /// <param name="Number">Counts these messages in a session, from 1: each is sent again until a heartbeat says that the node has it. 0
    /// within one process.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ProvideExecutors(PoolId Pool, PoolSpec Spec, int Executors, long Number = 0) : IWireMessage;

    /// <summary>Executor to pool: a process is being started; <see cref="ExecutorReady"/> or <see cref="ExecutorExited"/> follows.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorStarting(ExecutorId Executor, NodeId Node) : IWireMessage;

    /// <summary>Executor to pool: the process has started, loaded the code and run the initializer.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorReady(ExecutorId Executor, NodeId Node, string NodeName, int ProcessId) : IWireMessage;

    /// <summary>Pool to executor: run these, in this order.</summary>
    /// <param name="Jobs">The jobs.</param>
    /// <param name="First">The position of the first among all jobs that the pool has sent this executor, from 1; 0 where positions are not
    /// counted.</param>
    /// <param name="Acknowledged">The last <see cref="IExecutorReport"/> of the executor that the pool has.</param>
    [MemoryPackable]
    public sealed partial record RunJobs(
        [property: SharedFunctions] ImmutableArray<JobSpec> Jobs, long First = 0, long Acknowledged = 0) : IWireMessage;

    /// <summary>
    /// What an executor reports of jobs. The node keeps each report until the pool has acknowledged it, and sends it again when the pool
    /// asks
    /// (<see cref="CompareExecutor"/>).
    /// </summary>
    public interface IExecutorReport : IWireMessage
    {
        /// <summary>Which executor.</summary>
        ExecutorId Executor { get; }

        /// <summary>Counts the reports of one executor, from 1; 0 for a report that is not kept.</summary>
        long Number { get; }
    }

    /// <summary>Executor to pool: these have ended, in the order they ran.</summary>
    /// <param name="Executor">Which.</param>
    /// <param name="Outcomes">How they ended.</param>
    /// <param name="BusyMicroseconds">How long their functions ran, together: the pool sends ahead what a few milliseconds hold.</param>
    /// <param name="Number">As <see cref="IExecutorReport.Number"/>.</param>
    [MemoryPackable]
    public sealed partial record JobsDone(
        ExecutorId Executor, ImmutableArray<JobOutcome> Outcomes, long BusyMicroseconds, long Number = 0) : IExecutorReport;

    /// <summary>Pool to executor: hand back what has not begun. Answered by <see cref="JobsReturned"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RevokeJobs : IWireMessage;

    /// <summary>Executor to pool: these have not begun and will not.</summary>
    [MemoryPackable]
    public sealed partial record JobsReturned(ExecutorId Executor, ImmutableArray<JobId> Jobs, long Number = 0) : IExecutorReport;

    /// <summary>Executor to pool: jobs at these positions never arrived. Should they arrive later, they are not run.</summary>
    /// <param name="Executor">Which.</param>
    /// <param name="First">The first position, as in <see cref="RunJobs"/>.</param>
    /// <param name="Last">The last position.</param>
    /// <param name="Number">As <see cref="IExecutorReport.Number"/>.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsMissed(ExecutorId Executor, long First, long Last, long Number) : IExecutorReport;

    /// <summary>
    /// Executor to pool: the jobs that the process holds. Earlier reports tell of those that have ended or were returned.
    /// </summary>
    /// <param name="Executor">Which.</param>
    /// <param name="Last">The position of the last job that was passed to the process before it was asked.</param>
    /// <param name="Jobs">The running job and those that have not begun.</param>
    /// <param name="LastBegun">The last job that the process began; 0 when none did.</param>
    /// <param name="Number">As <see cref="IExecutorReport.Number"/>.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobsHeld(
        ExecutorId Executor, long Last, ImmutableArray<JobId> Jobs, JobId LastBegun, long Number) : IExecutorReport;

    /// <summary>
    /// Pool to executor: what the pool believes. The executor makes up for what it has missed: it sends unacknowledged reports again, tells
    /// of jobs that did
    /// not arrive (<see cref="JobsMissed"/>), and does what was asked of it and did not reach it.
    /// </summary>
    /// <param name="Executor">Which.</param>
    /// <param name="Acknowledged">The last report that the pool has.</param>
    /// <param name="LastSent">The position of the last job that the pool has sent.</param>
    /// <param name="State">What else the pool believes, and wants.</param>
    /// <param name="Cancelled">The jobs at this executor that the pool has cancelled.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CompareExecutor(
        ExecutorId Executor, long Acknowledged, long LastSent, ExpectedExecutorState State, ImmutableArray<JobId> Cancelled) : IWireMessage;

    /// <summary>What a pool believes of an executor, and wants of it.</summary>
    [Flags]
    public enum ExpectedExecutorState : byte
    {
        /// <summary>Nothing of the following.</summary>
        None = 0,

        /// <summary>It has reported that it is ready.</summary>
        IsReady = 1,

        /// <summary>It was asked to return what it has not begun, and has not answered.</summary>
        IsRevoking = 2,

        /// <summary>It is to finish what runs and end.</summary>
        IsRetiring = 4,

        /// <summary>It is to end at once.</summary>
        IsKilled = 8,

        /// <summary>Nothing has come from it for long: its process is to be asked what it holds. Answered by <see cref="JobsHeld"/>.</summary>
        IsSilent = 16,
    }

    /// <summary>Pool to executor: ask this job to stop; after the pool's grace time kill the process.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CancelRunningJob(JobId Job) : IWireMessage;

    /// <summary>Pool to executor: finish what runs, hand the rest back, end the process.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RetireExecutor : IWireMessage;

    /// <summary>Pool to executor: end the process at once.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record KillExecutor : IWireMessage;

    /// <summary>To an executor's actor: ask the process to end, as <c>kill</c> does.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record TerminateExecutor : IWireMessage;

    /// <summary>Pool to executor: report how far the running chunk of a map is. Answered by <see cref="JobProgressReport"/> if one runs.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record RequestJobProgress : IWireMessage;

    /// <summary>Executor to pool: so many items of the chunk have ended.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record JobProgressReport(ExecutorId Executor, JobId Job, int Items) : IWireMessage;

    /// <summary>Executor to pool: it finishes what runs and takes nothing more (its node drains, or it has run as many jobs as it may).</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorRetiring(ExecutorId Executor) : IWireMessage;

    /// <summary>Executor to pool, the last word: the process is gone.</summary>
    /// <param name="Executor">Which.</param>
    /// <param name="Node">Where it ran.</param>
    /// <param name="NodeName">Where it ran, for people.</param>
    /// <param name="ProcessId">Its process; 0 when none was started.</param>
    /// <param name="Exit">How it ended.</param>
    /// <param name="LastBegun">The last job that began; 0 when none did.</param>
    /// <param name="LastEnded">The last job that ended, heard of or not; the same as <paramref name="LastBegun"/> when none was running.</param>
    /// <param name="Failure">Why it could not start, when it could not.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorExited(
        ExecutorId Executor, NodeId Node, string NodeName, int ProcessId, ExecutorExit Exit,
        JobId LastBegun, JobId LastEnded, FailureInfo? Failure) : IWireMessage;

    /// <summary>Executor to pool: what its process printed. Answered by <see cref="ExecutorOutputReceived"/> before the next follows.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorOutput(ExecutorId Executor, bool IsError, ReadOnlyMemory<byte> Text) : IWireMessage;

    /// <summary>Pool to executor: send more output.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ExecutorOutputReceived(bool IsError) : IWireMessage;
}
