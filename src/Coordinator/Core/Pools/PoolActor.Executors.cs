using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>What executors and their nodes say, and what the client hears of them.</summary>
internal partial class PoolActor
{
    private readonly Dictionary<ExecutorId, ExecutorLink> _executors = [];
    private readonly Dictionary<ExecutorId, NodeProtocol.ExecutorReady> _ready = [];

    private void ReceiveFromExecutors()
    {
        Receive<NodeProtocol.IExecutorReport>(Take);
        Receive<NodeProtocol.ExecutorStarting>(starting => Add(starting.Executor, starting.Node));
        Receive<NodeProtocol.ExecutorReady>(Ready);
        Receive<NodeProtocol.ExecutorRetiring>(retiring => Decide(() => State.ExecutorRetiring(retiring.Executor)));
        Receive<NodeProtocol.ExecutorOutput>(output => Has(output.Executor), Output);
        Receive<NodeProtocol.JobProgressReport>(progress => Has(progress.Executor), progress => Client.Tell(new PoolProtocol.MapProgressReport(progress.Job, progress.Items)));
        Receive<NodeProtocol.ExecutorExited>(Exited);
    }

    /// <summary>What one that was given up still says is not passed on.</summary>
    private bool Has(ExecutorId executor) => _executors.ContainsKey(executor);

    protected virtual void Take(NodeProtocol.IExecutorReport report) => Decide(() => State.Report(report, Now));

    /// <returns>Whether it is one of the pool's: what a lost node still says is of none.</returns>
    private bool Add(ExecutorId executor, NodeId node)
    {
        Decide(() => State.ExecutorStarting(executor, node));
        if (!State.Executors.Contains(executor))
            return false;
        if (_executors.TryAdd(executor, new ExecutorLink(Sender)))
            Context.Watch(Sender);
        return true;
    }

    private void Ready(NodeProtocol.ExecutorReady ready)
    {
        // It may say so again: the pool may not have heard it.
        if (!Add(ready.Executor, ready.Node) || !_ready.TryAdd(ready.Executor, ready))
            return;
        TellReady(ready);
        Decide(() => State.ExecutorReady(ready.Executor, ready.Node, Now, ready.NodeName, ready.ProcessId));
    }

    /// <summary>To a client that has come since they became ready.</summary>
    protected void TellReady()
    {
        foreach (var ready in _ready.Values)
            TellReady(ready);
    }

    private void TellReady(NodeProtocol.ExecutorReady ready) =>
        Client.Tell(new PoolProtocol.WorkerStarted(ready.Executor, ready.NodeName, ready.ProcessId));

    protected virtual void Output(NodeProtocol.ExecutorOutput output) =>
        Client.Tell(new PoolProtocol.WorkerOutput(output.Executor, output.IsError, output.Text));

    private void AskProgress()
    {
        foreach (var executor in _executors.Values)
            executor.Actor.Tell(new NodeProtocol.RequestJobProgress());
    }

    private void ReceiveFromNodes()
    {
        Receive<NodesProtocol.NodeProvides>(provides => _nodesAt[provides.Node] = provides.At);
        Receive<NodesProtocol.PoolGranted>(granted => Decide(() => State.ExecutorsGranted(granted.Executors)));
        Receive<NodesProtocol.NodeLost>(lost =>
        {
            Decide(() => State.NodeLost(lost.Node, Now));
            foreach (var executor in _executors.Keys.Where(executor => !State.Executors.Contains(executor)).ToList())
                Lose(executor);
        });
    }

    private void Lose(ExecutorId executor)
    {
        if (_ready.TryGetValue(executor, out var ready))
            Client.Tell(new PoolProtocol.WorkerEnded(executor, ready.NodeName, ready.ProcessId, new ExecutorExit(ExecutorExitReason.NodeLost, null, "")));
        Forget(executor);
    }

    private void Exited(NodeProtocol.ExecutorExited exited)
    {
        if (exited.ProcessId != 0 && _executors.ContainsKey(exited.Executor))
            Client.Tell(new PoolProtocol.WorkerEnded(exited.Executor, exited.NodeName, exited.ProcessId, exited.Exit));
        Decide(() => State.ExecutorExited(exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, Now));
        Forget(exited.Executor);
    }

    /// <summary>Its actor has stopped, and how it ended was never told. A node that is lost is told of by the nodes' actor.</summary>
    private void LoseExecutor(Terminated gone)
    {
        if (gone.AddressTerminated)
            return;
        foreach (var executor in _executors.Where(link => link.Value.Actor.Equals(gone.ActorRef)).Select(link => link.Key).ToList())
        {
            Decide(() => State.ExecutorLost(executor, Now));
            Lose(executor);
        }
    }

    private void Forget(ExecutorId executor)
    {
        if (_executors.Remove(executor, out var link))
            Context.Unwatch(link.Actor);
        _ready.Remove(executor);
        RemovePayloadsOf(executor);
    }

    protected void Tell(ExecutorId executor, object message)
    {
        if (_executors.TryGetValue(executor, out var link))
            link.Actor.Tell(message);
    }

    /// <summary>An executor as its pool's actor reaches it.</summary>
    private sealed class ExecutorLink(IActorRef actor)
    {
        public IActorRef Actor => actor;

        /// <summary>The position of the last job that was sent there. A durable pool sends some jobs later than it decides to.</summary>
        public long LastSent { get; set; }
    }
}
