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
internal abstract class SimulatedPool
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SoonInterval = TimeSpan.FromMilliseconds(10);

    private readonly ClientLink _link;
    private readonly PoolState _state;
    private readonly Dictionary<ExecutorId, SimulatedExecutor> _executors = [];
    private readonly HashSet<ExecutorId> _ready = [];
    private bool _isTicking;
    private bool _isCheckingSoon;

    /// <param name="cluster">The cluster.</param>
    /// <param name="coordinator">The coordinator.</param>
    /// <param name="id">The id by which nodes know the pool.</param>
    /// <param name="spec">The options.</param>
    /// <param name="runs">The jobs, for the workers.</param>
    protected SimulatedPool(SimulatedCluster cluster, SimulatedCoordinator coordinator, PoolId id, PoolSpec spec, JobRuns runs)
    {
        (Cluster, Coordinator, Id, Spec, Runs) = (cluster, coordinator, id, spec, runs);
        _state = new PoolState(spec);
        _link = new ClientLink(new Recipient(this), usage: null, opened: null);
    }

    /// <summary>The id by which nodes know the pool.</summary>
    public PoolId Id { get; }

    /// <summary>The options.</summary>
    public PoolSpec Spec { get; }

    /// <summary>The jobs, for the workers.</summary>
    public JobRuns Runs { get; }

    /// <summary>The coordinator.</summary>
    public SimulatedCoordinator Coordinator { get; }

    /// <summary>The number of results that were refused: their worker did not have the job any more.</summary>
    public long StaleCompletions => _state.StaleCompletions;

    /// <summary>The cluster.</summary>
    protected SimulatedCluster Cluster { get; }

    /// <summary>Whether the pool has ended with its coordinator.</summary>
    protected bool IsStopped { get; private set; }

    /// <summary>Whether the client is considered dead.</summary>
    protected bool IsClientLost => _link.IsLost;

    /// <summary>Whether the client was told that its jobs have ended, or is considered dead.</summary>
    protected bool HasLeft => _link.HasFinished || _link.IsLost;

    /// <summary>Handles a message of the client.</summary>
    public virtual void ReceiveRequest(object message)
    {
        switch (message)
        {
            case PoolProtocol.SubmitJobs submit: AcceptSubmission(submit); break;
            case PoolProtocol.CancelJobs cancel: Update(state => state.CancelJobs(cancel.Jobs)); break;
            case PoolProtocol.WithdrawJobs withdraw when _link.ReceiveWithdrawal(withdraw.Number):
                Update(state => state.WithdrawJobs(withdraw.Jobs));
                break;
            case PoolProtocol.WithdrawAllJobs: Update(static state => state.WithdrawAll()); break;
            // A lost submission is sent again, and this request after it.
            case PoolProtocol.ClosePool close when _link.HasReceived(close.Submitted): Update(static state => state.ClosePool()); break;
            case PoolProtocol.TerminatePool: Update(static state => state.TerminatePool()); break;
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
            case NodeProtocol.IExecutorReport report: Update(state => state.AddReport(report, Cluster.Now)); break;
            case NodeProtocol.ExecutorStarting starting: AddExecutor(executor, starting.Node); break;
            case NodeProtocol.ExecutorReady ready: OnReady(executor, ready); break;
            case NodeProtocol.ExecutorRetiring retiring: Update(state => state.ExecutorRetiring(retiring.Executor)); break;
            case NodeProtocol.ExecutorExited exited: OnExited(exited); break;
            case NodeProtocol.JobProgressReport progress: ForwardProgress(progress); break;
        }
    }

    /// <summary>Notes how many workers the nodes provide.</summary>
    public void OnGranted(long workers) => Update(state => state.ExecutorsGranted(workers));

    /// <summary>Removes the workers of a node that was removed.</summary>
    public void OnNodeLost(NodeId node)
    {
        Update(state => state.NodeLost(node, Cluster.Now));
        foreach (var executor in _executors.Keys.Where(executor => !_state.Executors.Contains(executor)).ToList())
            ForgetExecutor(executor, new ExecutorExit(ExecutorExitReason.NodeLost, null, ""));
    }

    /// <summary>Disconnects the clients that are considered dead.</summary>
    /// <param name="lease">A client that is silent for this time is considered dead.</param>
    public virtual void CheckClients(TimeSpan lease)
    {
    }

    /// <summary>Ends the pool with its coordinator.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Sends a message to the client.</summary>
    protected abstract void SendToClient(object message);

    /// <summary>Ends the pool of a client that is considered dead.</summary>
    protected void LoseClient()
    {
        _link.Disconnect();
        Update(static state => state.AbandonPool());
    }

    private void ForwardProgress(NodeProtocol.JobProgressReport progress)
    {
        if (_state.IsAssigned(progress.Job, progress.Executor))
            _link.Progress.Send(new PoolProtocol.MapProgressReport(progress.Job, progress.Items, progress.Value));
    }

    private void AcceptSubmission(PoolProtocol.SubmitJobs submit)
    {
        _link.AcknowledgeOutcomes(submit.Acknowledged);
        if (_link.ReceiveSubmission(submit.Number) != ClientLink.SubmissionOrder.Next)
            return;
        Update(state => state.SubmitJobs(submit.Jobs, Cluster.Now));
        _link.LastAccepted = submit.Number;
        if (submit.WantsReply)
            SendToClient(new PoolProtocol.JobsAccepted(submit.Number));
    }

    private void AnswerComparison(PoolProtocol.ComparePool compare)
    {
        _link.AcknowledgeOutcomes(compare.Acknowledged);
        _link.ResendOutcomes();
        if (!compare.Canceled.IsEmpty)
            Update(state => state.CancelJobs(compare.Canceled));
        _link.AnswerComparison(_state.Ending);
    }

    private bool AddExecutor(SimulatedExecutor executor, NodeId node)
    {
        Update(state => state.ExecutorStarting(executor.Id, node));
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
        Update(state => state.ExecutorReady(ready.Executor, ready.Node, Cluster.Now, ready.NodeName, ready.ProcessId));
    }

    private void OnExited(NodeProtocol.ExecutorExited exited)
    {
        Update(state => state.ExecutorExited(
            exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, Cluster.Now));
        ForgetExecutor(exited.Executor, exited.Exit);
    }

    private void ForgetExecutor(ExecutorId id, ExecutorExit exit)
    {
        if (_executors.Remove(id, out var executor) && _ready.Remove(id))
            SendToClient(new PoolProtocol.WorkerEnded(id, executor.NodeName, executor.ProcessId, exit));
    }

    /// <summary>Changes the state, and carries out its effects.</summary>
    protected void Update(Action<PoolState> command)
    {
        if (IsStopped)
            return;
        command(_state);
        foreach (var effect in _state.TakeEffects())
            CarryOut(effect);
        ScheduleChecks();
    }

    /// <summary>Carries out an effect.</summary>
    protected virtual void CarryOut(PoolEffect effect)
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
            case PoolEffect.ReleaseExecutors release: Release(release); break;
            case PoolEffect.FinishPool finish: FinishPool(finish.JobsDropped); break;
        }
    }

    /// <summary>Tells the client that every job and worker has ended.</summary>
    protected virtual void FinishPool(long dropped) => _link.SendFinished(dropped);

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

    private void Release(PoolEffect.ReleaseExecutors release)
    {
        foreach (var executor in release.Kill)
            SendTo(executor, new NodeProtocol.KillExecutor(release.IsAbandoned));
        Coordinator.ReleasePool(Id);
    }

    private void SendTo(ExecutorId id, IWireMessage message)
    {
        if (_executors.TryGetValue(id, out var executor))
            Cluster.SendToNode(Coordinator, executor.Node, () => executor.Receive(message));
    }

    private void ScheduleChecks()
    {
        if (_state.NeedsCheck && !_isCheckingSoon)
        {
            _isCheckingSoon = true;
            Cluster.Clock.StartBackgroundTimer(SoonInterval, () =>
            {
                _isCheckingSoon = false;
                Update(state => state.CheckProgress(Cluster.Now));
            });
        }

        if (_isTicking || (_state.Pending == 0 && !_state.HasOutstanding) || _state.IsFinished)
            return;
        _isTicking = true;
        Cluster.Clock.StartBackgroundTimer(TickInterval, Tick);
    }

    private void Tick()
    {
        _isTicking = false;
        Update(state =>
        {
            state.CheckProgress(Cluster.Now);
            if (Cluster.Network.IsFaulty)
                state.CompareExecutors(Cluster.Now);
        });
    }

    /// <summary>The client as the receiver of messages.</summary>
    private sealed class Recipient(SimulatedPool pool) : IRecipient
    {
        /// <summary>Messages of a simulation have no limit of size.</summary>
        public bool IsLocal => true;

        public void Send(object message) => pool.SendToClient(message);
    }
}
