using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Handles the messages of executors and nodes, and reports them to the client.</summary>
public partial class PoolActor
{
    /// <summary>The most bytes of an output message; twice as many as a node sends.</summary>
    private const int LargestOutput = 64 * 1024;

    /// <summary>The most characters of the last output of an executor, which is a part of its end.</summary>
    private const int LongestLastOutput = 4096;

    private readonly Dictionary<ExecutorId, ExecutorLink> _executors = [];
    private readonly Dictionary<ExecutorId, NodeProtocol.ExecutorReady> _ready = [];

    private void ReceiveFromExecutors()
    {
        Receive<NodeProtocol.IExecutorReport>(ApplyReport);
        Receive<NodeProtocol.ExecutorStarting>(starting => AddExecutor(starting.Executor, starting.Node));
        Receive<NodeProtocol.ExecutorReady>(OnExecutorReady);
        Receive<NodeProtocol.ExecutorRetiring>(retiring => UpdateState(() => State.ExecutorRetiring(retiring.Executor)));
        Receive<NodeProtocol.ExecutorOutput>(TryBeginOutput, ForwardOutput);
        Receive<NodeProtocol.JobProgressReport>(
            progress => State.IsAssigned(progress.Job, progress.Executor),
            progress => _link.Progress.Send(new PoolProtocol.MapProgressReport(progress.Job, progress.Items, progress.Value)));
        Receive<NodeProtocol.ExecutorExited>(OnExecutorExited);
    }

    /// <summary>Messages of an executor that the pool has removed are not forwarded.</summary>
    private bool HasExecutor(ExecutorId executor) => _executors.ContainsKey(executor);

    /// <summary>
    /// Whether to forward an output. A node sends the next one after the client has written the last: others would wait for a client that
    /// does not read its connection.
    /// </summary>
    private bool TryBeginOutput(NodeProtocol.ExecutorOutput output) => output.Text.Length <= LargestOutput
        && _executors.TryGetValue(output.Executor, out var link) && link.TryBeginOutput(output.IsError);

    private void AcknowledgeOutput(PoolProtocol.WorkerOutputWritten written)
    {
        if (!_executors.TryGetValue(written.Executor, out var link))
            return;
        link.EndOutput(written.IsError);
        link.Actor.Tell(new NodeProtocol.ExecutorOutputReceived(written.IsError));
    }

    protected virtual void ApplyReport(NodeProtocol.IExecutorReport report)
    {
        State.MeasuresWaits = JobWaits.OfProcess.AreObserved;
        UpdateState(() => State.AddReport(report, Now));
    }

    /// <returns>Whether the executor belongs to the pool. Executors of a lost node do not.</returns>
    private bool AddExecutor(ExecutorId executor, NodeId node)
    {
        UpdateState(() => State.ExecutorStarting(executor, node));
        if (!State.Executors.Contains(executor))
            return false;
        if (_executors.TryAdd(executor, new ExecutorLink(Sender)))
            Context.Watch(Sender);
        return true;
    }

    private void OnExecutorReady(NodeProtocol.ExecutorReady ready)
    {
        if (!AddExecutor(ready.Executor, ready.Node))
            return;
        ready = ready with { NodeName = WireLimits.CutName(ready.NodeName) };
        if (_ready.TryAdd(ready.Executor, ready))
            ReportReady(ready);
        UpdateState(() => State.ExecutorReady(ready.Executor, ready.Node, Now, ready.NodeName, ready.ProcessId));
    }

    private void ReportReady(NodeProtocol.ExecutorReady ready) =>
        Client.Tell(new PoolProtocol.WorkerStarted(ready.Executor, ready.NodeName, ready.ProcessId));

    protected virtual void ForwardOutput(NodeProtocol.ExecutorOutput output) =>
        Client.Tell(new PoolProtocol.WorkerOutput(output.Executor, output.IsError, output.Text));

    private void RequestProgress()
    {
        foreach (var executor in _executors.Values)
            executor.Actor.Tell(new NodeProtocol.RequestJobProgress());
    }

    private void ReceiveFromNodes()
    {
        Receive<NodesProtocol.NodeAssigned>(provides => _nodeAddresses[provides.Node] = provides.Address);
        Receive<NodesProtocol.PoolExecutorsGranted>(granted => UpdateState(() => State.ExecutorsGranted(granted.Executors, granted.Nodes)));
        Receive<NodesProtocol.NodeLost>(lost =>
        {
            _nodeAddresses.Remove(lost.Node);
            UpdateState(() => State.NodeLost(lost.Node, Now));
            foreach (var executor in _executors.Keys.Where(executor => !State.Executors.Contains(executor)).ToList())
                ReportExecutorLost(executor);
        });
    }

    private void ReportExecutorLost(ExecutorId executor)
    {
        if (_ready.TryGetValue(executor, out var ready))
        {
            Client.Tell(
                new PoolProtocol.WorkerEnded(
                    executor, ready.NodeName, ready.ProcessId, new ExecutorExit(ExecutorExitReason.NodeLost, null, "")));
        }

        ForgetExecutor(executor);
    }

    private void OnExecutorExited(NodeProtocol.ExecutorExited received)
    {
        var exited = LimitTexts(received);
        if (exited.ProcessId != 0 && _executors.ContainsKey(exited.Executor))
            Client.Tell(new PoolProtocol.WorkerEnded(exited.Executor, exited.NodeName, exited.ProcessId, exited.Exit));
        UpdateState(() => State.ExecutorExited(exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, Now));
        ForgetExecutor(exited.Executor);
    }

    /// <summary>Limits the texts that a node has chosen, which are kept and sent to clients.</summary>
    private static NodeProtocol.ExecutorExited LimitTexts(NodeProtocol.ExecutorExited exited) => exited with
    {
        NodeName = WireLimits.CutName(exited.NodeName),
        Exit = exited.Exit with { LastOutput = FailureLimits.CutText(exited.Exit.LastOutput, LongestLastOutput)! },
        Failure = WireLimits.SizeOf(exited.Failure) <= FailureLimits.LargestFailure
            ? exited.Failure
            : FailureLimits.FitFailure(exited.Failure!),
    };

    /// <summary>
    /// Handles the stop of an executor's actor that did not report its end. The loss of a node is reported by <see cref="NodesActor"/>.
    /// </summary>
    private void OnExecutorTerminated(Terminated terminated)
    {
        if (terminated.AddressTerminated)
            return;
        foreach (var executor in _executors.Where(link => link.Value.Actor.Equals(terminated.ActorRef)).Select(link => link.Key).ToList())
        {
            UpdateState(() => State.ExecutorLost(executor, Now));
            ReportExecutorLost(executor);
        }
    }

    private void ForgetExecutor(ExecutorId executor)
    {
        if (_executors.Remove(executor, out var link))
            Context.Unwatch(link.Actor);
        _ready.Remove(executor);
        RemovePayloadsOf(executor);
    }

    private void SendToExecutor(ExecutorId executor, object message)
    {
        if (_executors.TryGetValue(executor, out var link))
            link.Actor.Tell(message);
    }

    /// <summary>The actor of an executor.</summary>
    private sealed class ExecutorLink(IActorRef actor)
    {
        private readonly HashSet<bool> _unwritten = [];

        public IActorRef Actor => actor;

        /// <summary>
        /// The position of the last job that was sent to the executor. A durable pool sends some jobs later than it assigns them.
        /// </summary>
        public long LastSent { get; set; }

        /// <summary>Records an output that is sent to the client.</summary>
        /// <returns>Whether the client has written the last one of this stream.</returns>
        public bool TryBeginOutput(bool isError) => _unwritten.Add(isError);

        /// <summary>Records that the client has written the last output of a stream.</summary>
        public void EndOutput(bool isError) => _unwritten.Remove(isError);
    }
}
