using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>
/// A pool at a coordinator in memory. The decisions are those of the real <see cref="PoolState"/>; this class carries them out over the
/// simulated network, with the messages of the real protocol.
/// </summary>
internal sealed class SimulatedPool
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SoonInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>A client that is silent for this time is considered dead.</summary>
    private static readonly TimeSpan ClientLease = TimeSpan.FromSeconds(6);

    private readonly SimulatedCluster _cluster;
    private readonly SimulatedCoordinator _coordinator;
    private readonly PoolConnection _client;
    private readonly ClientLink _link;
    private readonly PoolId _id;
    private readonly PoolState _state;
    private readonly Dictionary<ExecutorId, SimulatedExecutor> _executors = [];
    private readonly HashSet<ExecutorId> _ready = [];
    private TimeSpan _clientHeardAt;
    private bool _isTicking;
    private bool _isCheckingSoon;
    private bool _isStopped;

    public SimulatedPool(
        SimulatedCluster cluster, SimulatedCoordinator coordinator, PoolConnection client, PoolId id, PoolSpec spec)
    {
        (_cluster, _coordinator, _client, _id, Spec, _clientHeardAt) = (cluster, coordinator, client, id, spec, cluster.Now);
        _state = new PoolState(spec);
        _link = new ClientLink(new ClientRecipient(this), usage: null, opened: null);
    }

    /// <summary>The options.</summary>
    public PoolSpec Spec { get; }

    /// <summary>The program that opened the pool.</summary>
    public ClusterSession Client => _client.Session;

    /// <summary>The coordinator.</summary>
    public SimulatedCoordinator Coordinator => _coordinator;

    /// <summary>The number of results that were refused: their worker did not have the job any more.</summary>
    public long StaleCompletions => _state.StaleCompletions;

    /// <summary>Tells the client that the pool is open.</summary>
    public void SendOpened() => SendToClient(new PoolProtocol.PoolOpened(_id, default, IsClosed: false));

    /// <summary>Answers the client, which is there.</summary>
    public void AnswerHeartbeat()
    {
        _clientHeardAt = _cluster.Now;
        if (!_link.IsLost)
            _cluster.SendToClient(_coordinator, _client.OnHeartbeat);
    }

    /// <summary>Handles a message of the client.</summary>
    public void ReceiveFromClient(IWireMessage message)
    {
        _clientHeardAt = _cluster.Now;
        switch (message)
        {
            case PoolProtocol.SubmitJobs submit: AcceptSubmission(submit); break;
            case PoolProtocol.CancelJobs cancel: Update(() => _state.CancelJobs(cancel.Jobs)); break;
            case PoolProtocol.WithdrawJobs withdraw: Update(() => _state.WithdrawJobs(withdraw.Jobs)); break;
            case PoolProtocol.WithdrawAllJobs: Update(_state.WithdrawAll); break;
            // A lost submission is sent again, and this request after it.
            case PoolProtocol.ClosePool close when _link.HasReceived(close.Submitted): Update(_state.ClosePool); break;
            case PoolProtocol.TerminatePool: Update(_state.TerminatePool); break;
            case PoolProtocol.QueryJob query: SendToClient(new PoolProtocol.QueryJobReply(query.Job, _state.IsRunning(query.Job))); break;
            case PoolProtocol.AcknowledgeJobsEnded acknowledge: _link.AcknowledgeOutcomes(acknowledge.Number); break;
            case PoolProtocol.ComparePool compare: AnswerComparison(compare); break;
        }
    }

    /// <summary>Handles a message of a worker.</summary>
    public void ReceiveFromExecutor(SimulatedExecutor executor, IWireMessage message)
    {
        switch (message)
        {
            case NodeProtocol.IExecutorReport report: Update(() => _state.AddReport(report, _cluster.Now)); break;
            case NodeProtocol.ExecutorStarting starting: AddExecutor(executor, starting.Node); break;
            case NodeProtocol.ExecutorReady ready: OnReady(executor, ready); break;
            case NodeProtocol.ExecutorRetiring retiring: Update(() => _state.ExecutorRetiring(retiring.Executor)); break;
            case NodeProtocol.ExecutorExited exited: OnExited(exited); break;
            case NodeProtocol.JobProgressReport progress: ForwardProgress(progress); break;
        }
    }

    /// <summary>Notes how many workers the nodes provide.</summary>
    public void OnGranted(long workers) => Update(() => _state.ExecutorsGranted(workers));

    /// <summary>Removes the workers of a node that was removed.</summary>
    public void OnNodeLost(NodeId node)
    {
        Update(() => _state.NodeLost(node, _cluster.Now));
        foreach (var executor in _executors.Keys.Where(executor => !_state.Executors.Contains(executor)).ToList())
            ForgetExecutor(executor, new ExecutorExit(ExecutorExitReason.NodeLost, null, ""));
    }

    /// <summary>Ends the pool of a client that is considered dead.</summary>
    public void CheckClient()
    {
        if (_isStopped || _link.HasFinished || _link.IsLost || _cluster.Now - _clientHeardAt <= ClientLease)
            return;
        _link.Disconnect();
        Update(_state.TerminatePool);
    }

    /// <summary>Ends the pool with its coordinator.</summary>
    public void Stop() => _isStopped = true;

    private void ForwardProgress(NodeProtocol.JobProgressReport progress)
    {
        if (_executors.ContainsKey(progress.Executor))
            _link.Progress.Send(new PoolProtocol.MapProgressReport(progress.Job, progress.Items, progress.Value));
    }

    private void AcceptSubmission(PoolProtocol.SubmitJobs submit)
    {
        _link.AcknowledgeOutcomes(submit.Acknowledged);
        if (_link.ReceiveSubmission(submit.Number) != ClientLink.SubmissionOrder.Next)
            return;
        Update(() => _state.SubmitJobs(submit.Jobs, _cluster.Now));
        _link.LastAccepted = submit.Number;
        if (submit.WantsReply)
            SendToClient(new PoolProtocol.JobsAccepted(submit.Number));
    }

    private void AnswerComparison(PoolProtocol.ComparePool compare)
    {
        _link.AcknowledgeOutcomes(compare.Acknowledged);
        _link.ResendOutcomes();
        if (!compare.Canceled.IsEmpty)
            Update(() => _state.CancelJobs(compare.Canceled));
        _link.AnswerComparison(_state.Ending);
    }

    private bool AddExecutor(SimulatedExecutor executor, NodeId node)
    {
        Update(() => _state.ExecutorStarting(executor.Id, node));
        if (!_state.Executors.Contains(executor.Id))
            return false;
        _executors.TryAdd(executor.Id, executor);
        return true;
    }

    private void OnReady(SimulatedExecutor executor, NodeProtocol.ExecutorReady ready)
    {
        if (!AddExecutor(executor, ready.Node))
            return;
        if (_ready.Add(ready.Executor))
            SendToClient(new PoolProtocol.WorkerStarted(ready.Executor, ready.NodeName, ready.ProcessId));
        Update(() => _state.ExecutorReady(ready.Executor, ready.Node, _cluster.Now, ready.NodeName, ready.ProcessId));
    }

    private void OnExited(NodeProtocol.ExecutorExited exited)
    {
        Update(() => _state.ExecutorExited(
            exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, _cluster.Now));
        ForgetExecutor(exited.Executor, exited.Exit);
    }

    private void ForgetExecutor(ExecutorId id, ExecutorExit exit)
    {
        if (_executors.Remove(id, out var executor) && _ready.Remove(id))
            SendToClient(new PoolProtocol.WorkerEnded(id, executor.NodeName, executor.ProcessId, exit));
    }

    private void Update(Action command)
    {
        if (_isStopped)
            return;
        command();
        foreach (var effect in _state.TakeEffects())
            CarryOut(effect);
        ScheduleChecks();
    }

    private void CarryOut(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.SendJobs run: SendRun(run); break;
            case PoolEffect.SendOutcomes end: SendEnded(end.Outcomes); break;
            case PoolEffect.SendComparison compare: SendCompare(compare); break;
            case PoolEffect.SendRevocation revocation: SendTo(revocation.Executor, new NodeProtocol.RevokeJobs()); break;
            case PoolEffect.SendCancellation cancel: SendTo(cancel.Executor, new NodeProtocol.CancelRunningJob(cancel.Job)); break;
            case PoolEffect.SendNotWithdrawn not: SendToClient(new PoolProtocol.JobsNotWithdrawn(not.Jobs)); break;
            case PoolEffect.SendRetirement retire: SendTo(retire.Executor, new NodeProtocol.RetireExecutor()); break;
            case PoolEffect.SendFailure fail: SendToClient(new PoolProtocol.PoolFailed(fail.Reason)); break;
            case PoolEffect.ReleaseExecutors release: Release(release.Kill); break;
            case PoolEffect.FinishPool finish: _link.SendFinished(finish.JobsDropped); break;
        }
    }

    private void SendRun(PoolEffect.SendJobs run)
    {
        if (!_executors.TryGetValue(run.Executor, out var executor))
            return;
        executor.LastSent = run.First + run.Jobs.Length - 1;
        SendTo(run.Executor, new NodeProtocol.RunJobs(run.Jobs, run.First, _state.AcknowledgeReports(run.Executor)));
    }

    private void SendCompare(PoolEffect.SendComparison compare)
    {
        if (_executors.TryGetValue(compare.Executor, out var executor))
        {
            SendTo(compare.Executor, new NodeProtocol.CompareExecutor(
                compare.Executor, _state.AcknowledgeReports(compare.Executor), executor.LastSent, compare.State, compare.Canceled));
        }
    }

    private void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        // The client has ended these jobs itself.
        outcomes = outcomes.RemoveAll(static outcome => outcome.Status == JobStatus.PoolTerminated);
        if (!outcomes.IsEmpty)
            _link.SendEnded(outcomes);
    }

    private void Release(ImmutableArray<ExecutorId> killed)
    {
        foreach (var executor in killed)
            SendTo(executor, new NodeProtocol.KillExecutor());
        _coordinator.ReleasePool(_id);
    }

    /// <summary>A client that is considered dead learns from the silence that it must open the pool again.</summary>
    private void SendToClient(IWireMessage message)
    {
        if (!_link.IsLost)
            _cluster.SendToClient(_coordinator, () => _client.Receive(this, message));
    }

    private void SendTo(ExecutorId id, IWireMessage message)
    {
        if (_executors.TryGetValue(id, out var executor))
            _cluster.SendToNode(_coordinator, executor.Node, () => executor.Receive(message));
    }

    private void ScheduleChecks()
    {
        if (_state.NeedsCheck && !_isCheckingSoon)
        {
            _isCheckingSoon = true;
            _cluster.Clock.StartBackgroundTimer(SoonInterval, () =>
            {
                _isCheckingSoon = false;
                Update(() => _state.CheckProgress(_cluster.Now));
            });
        }

        if (_isTicking || (_state.Pending == 0 && !_state.HasOutstanding) || _state.IsFinished)
            return;
        _isTicking = true;
        _cluster.Clock.StartBackgroundTimer(TickInterval, Tick);
    }

    private void Tick()
    {
        _isTicking = false;
        Update(() =>
        {
            _state.CheckProgress(_cluster.Now);
            if (_cluster.Network.IsFaulty)
                _state.CompareExecutors(_cluster.Now);
        });
    }

    /// <summary>The client as the receiver of messages.</summary>
    private sealed class ClientRecipient(SimulatedPool pool) : IRecipient
    {
        /// <summary>Messages of a simulation have no limit of size.</summary>
        public bool IsLocal => true;

        public void Send(object message) => pool.SendToClient((IWireMessage)message);
    }
}
