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
    private readonly Dictionary<ExecutorId, IActorRef> _executors = [];
    private readonly Dictionary<ExecutorId, NodeProtocol.ExecutorReady> _ready = [];

    private void ReceiveFromExecutors()
    {
        Receive<NodeProtocol.Done>(Done);
        Receive<NodeProtocol.ExecutorStarting>(starting => Add(starting.Executor, starting.Node));
        Receive<NodeProtocol.ExecutorReady>(Ready);
        Receive<NodeProtocol.HandedBack>(back => Decide(() => State.JobsHandedBack(back.Executor, back.Jobs, Now)));
        Receive<NodeProtocol.Retiring>(retiring => Decide(() => State.ExecutorRetiring(retiring.Executor)));
        Receive<NodeProtocol.Output>(Output);
        Receive<NodeProtocol.Progress>(progress => Client.Tell(new PoolProtocol.Progress(progress.Job, progress.Items)));
        Receive<NodeProtocol.ExecutorExited>(Exited);
    }

    protected virtual void Done(NodeProtocol.Done done) =>
        Decide(() => State.JobsDone(done.Executor, done.Outcomes, done.BusyMicroseconds, Now));

    /// <returns>Whether it is one of the pool's: what a lost node still says is of none.</returns>
    private bool Add(ExecutorId executor, NodeId node)
    {
        Decide(() => State.ExecutorStarting(executor, node));
        if (!State.Executors.Contains(executor))
            return false;
        _executors[executor] = Sender;
        return true;
    }

    private void Ready(NodeProtocol.ExecutorReady ready)
    {
        if (!Add(ready.Executor, ready.Node))
            return;
        _ready[ready.Executor] = ready;
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
        Client.Tell(new PoolProtocol.ExecutorStarted(ready.Executor, ready.NodeName, ready.ProcessId));

    protected virtual void Output(NodeProtocol.Output output) =>
        Client.Tell(new PoolProtocol.Output(output.Executor, output.IsError, output.Text));

    private void AskProgress()
    {
        foreach (var executor in _executors.Values)
            executor.Tell(new NodeProtocol.AskProgress());
    }

    private void ReceiveFromNodes()
    {
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
            Client.Tell(new PoolProtocol.ExecutorEnded(executor, ready.NodeName, ready.ProcessId, new ExecutorExit(ExecutorExitReason.NodeLost, null, "")));
        Forget(executor);
    }

    private void Exited(NodeProtocol.ExecutorExited exited)
    {
        if (exited.ProcessId != 0 && _executors.ContainsKey(exited.Executor))
            Client.Tell(new PoolProtocol.ExecutorEnded(exited.Executor, exited.NodeName, exited.ProcessId, exited.Exit));
        Decide(() => State.ExecutorExited(exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, Now));
        Forget(exited.Executor);
    }

    private void Forget(ExecutorId executor)
    {
        _executors.Remove(executor);
        _ready.Remove(executor);
        RemovePayloadsOf(executor);
    }

    protected void Tell(ExecutorId executor, object message)
    {
        if (_executors.TryGetValue(executor, out var actor))
            actor.Tell(message);
    }
}
