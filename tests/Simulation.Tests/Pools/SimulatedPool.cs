using System.Collections.Immutable;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>PoolActor</c>: feeds the real <see cref="PoolState"/> and carries out its effects.</summary>
internal class SimulatedPool : SimulatedPart, ISimulatedPool
{
    private static readonly TimeSpan SoonInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CompareInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ExecutorId, WorkerLink> _workers = [];
    private readonly HashSet<ExecutorId> _ready = [];
    private readonly HashSet<NodeId> _lostNodes = [];
    private readonly SimulatedPart _client;
    private readonly ClientLink _link;
    private readonly DispatchOrder _order;
    private readonly PoolId _id;
    private bool _isComparisonScheduled;
    private bool _isSoonScheduled;
    private bool _hasFinished;

    public SimulatedPool(SimulatedCoordinator coordinator, PoolProtocol.OpenPool open, SimulatedPart client)
        : base(coordinator.World, coordinator.Host)
    {
        (Coordinator, _client, _id, State) = (coordinator, client, open.Pool, new PoolState(open.Spec));
        _link = new ClientLink(new PartRecipient(this, client), usage: null, opened: null);
        _order = new DispatchOrder(World);
        Watch(client);
        Coordinator.AddPool(open.Pool, open.Spec, this);
        RunAfter(SlowInterval, Tick);
        SendOpened(open);
    }

    public SimulatedPart Part => this;

    public bool IsFinished => State.IsFinished;

    public bool HasWorker(ExecutorId worker) => !IsStopped && State.Executors.Contains(worker);

    /// <summary>The jobs whose outcome the state has decided.</summary>
    protected HashSet<JobId> Reported { get; } = [];

    protected SimulatedCoordinator Coordinator { get; }

    protected PoolState State { get; }

    /// <summary>Notes jobs that the pool receives by another message than a submission.</summary>
    protected void AddRestored(IEnumerable<JobSpec> jobs) => _order.AddJobs(jobs);

    public override void Receive(object message, SimulatedPart sender)
    {
        if (!IsAllowed(message, sender))
            return;
        switch (message)
        {
            case PoolProtocol.OpenPool open: SendOpened(open); break;
            case PoolProtocol.SubmitJobs submit: AcceptSubmission(submit); break;
            case PoolProtocol.CancelJobs cancel: UpdateState(state => state.CancelJobs(cancel.Jobs)); break;
            case PoolProtocol.WithdrawJobs withdraw when _link.ReceiveWithdrawal(withdraw.Number):
                UpdateState(state => state.WithdrawJobs(withdraw.Jobs));
                break;
            case PoolProtocol.WithdrawAllJobs: UpdateState(state => state.WithdrawAll()); break;
            case PoolProtocol.ClosePool close when _link.HasReceived(close.Submitted): UpdateState(state => state.ClosePool()); break;
            case PoolProtocol.TerminatePool: UpdateState(state => state.TerminatePool()); break;
            case PoolProtocol.AcknowledgeJobsEnded acknowledge: AcknowledgeOutcomes(acknowledge.Number); break;
            case PoolProtocol.ComparePool compare: AnswerComparison(compare); break;
            default: ReceiveFromNode(message, sender); break;
        }
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        // A client that has connected again has another address.
        if (_client.Host == host && _client.Created <= brokenAt)
            OnClientLost();
    }

    public override void OnTerminated(SimulatedPart part)
    {
        if (part == _client)
            OnClientLost();
        foreach (var worker in _workers.Where(link => link.Value.Part == part).Select(link => link.Key).ToArray())
        {
            CountLoss(worker, isReported: false);
            UpdateState(state => state.ExecutorLost(worker, Now));
            ForgetWorker(worker);
        }
    }

    protected virtual bool IsAllowed(object message, SimulatedPart sender) => message switch
    {
        NodeProtocol.IExecutorReport report => IsFromWorker(report.Executor, sender),
        NodeProtocol.ExecutorStarting starting => IsFromWorker(starting.Executor, sender),
        NodeProtocol.ExecutorReady ready => IsFromWorker(ready.Executor, sender),
        NodeProtocol.ExecutorRetiring retiring => IsFromWorker(retiring.Executor, sender),
        NodeProtocol.ExecutorExited exited => IsFromWorker(exited.Executor, sender),
        NodesProtocol.NodeLost or NodesProtocol.PoolExecutorsGranted => true,
        _ => sender == _client,
    };

    private void OnTick() => UpdateState(state => state.CheckProgress(Now));

    private void SubmitJobs(PoolProtocol.SubmitJobs submit)
    {
        _order.AddJobs(submit.Jobs);
        foreach (var job in submit.Jobs.Where(job => World.Store.HasRetried(job.Id)))
        {
            Reported.Remove(job.Id);
            World.OnRunAgain(this, job.Id);
        }

        UpdateState(state => state.SubmitJobs(submit.Jobs, Now));
        _link.LastAccepted = submit.Number;
        if (submit.WantsReply)
            SendToClient(new PoolProtocol.JobsAccepted(submit.Number));
    }

    private void OnClientLost()
    {
        _link.Disconnect();
        StopIfAcknowledged();
        UpdateState(state => state.AbandonPool());
    }

    protected void UpdateState(Action<PoolState> command)
    {
        command(State);
        var effects = State.TakeEffects();
        _order.CheckEffects(effects);
        foreach (var effect in World.Bug.Mutate(effects))
            ApplyEffect(effect);
        if (State.NeedsCheck && !_isSoonScheduled)
        {
            _isSoonScheduled = true;
            RunAfter(SoonInterval, () =>
            {
                _isSoonScheduled = false;
                OnTick();
            });
        }

        ScheduleComparison();
    }

    protected virtual void ApplyEffect(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.SendJobs run: SendRun(run); break;
            case PoolEffect.SendOutcomes end:
                SendReported(end.Outcomes.RemoveAll(static outcome => outcome.Status == JobStatus.PoolTerminated));
                break;
            case PoolEffect.SendComparison compare: SendComparison(compare); break;
            case PoolEffect.SendRevocation revocation: SendToWorker(revocation.Executor, new NodeProtocol.RevokeJobs()); break;
            case PoolEffect.SendCancellation cancel: SendToWorker(cancel.Executor, new NodeProtocol.CancelRunningJob(cancel.Job)); break;
            case PoolEffect.SendNotWithdrawn not: SendToClient(new PoolProtocol.JobsNotWithdrawn(not.Jobs)); break;
            case PoolEffect.SendRetirement retire:
                if (_workers.TryGetValue(retire.Executor, out var retired) && retired.Part is ISimulatedWorker used)
                    World.CheckRetirement(used.Process);
                SendToWorker(retire.Executor, new NodeProtocol.RetireExecutor());
                break;
            case PoolEffect.SendFailure fail:
                World.OnPoolFailed();
                SendToClient(new PoolProtocol.PoolFailed(fail.Reason));
                break;
            case PoolEffect.ReleaseExecutors release: ReleaseWorkers(release); break;
            case PoolEffect.FinishPool finish: FinishPool(finish.JobsDropped); break;
        }
    }

    private void SendReported(ImmutableArray<JobOutcome> outcomes)
    {
        World.OnOutcomesReported(Reported, outcomes);
        if (!outcomes.IsEmpty)
            _link.SendEnded(outcomes);
    }

    protected virtual void FinishPool(long dropped)
    {
        _hasFinished = true;
        _link.SendFinished(dropped);
        StopIfAcknowledged();
    }

    private void StopIfAcknowledged()
    {
        if (_hasFinished && _link.IsAllAcknowledged)
            StopPool();
    }

    /// <summary>Ends the part, which its client and its workers watch.</summary>
    public void StopPool()
    {
        Coordinator.RemovePool(_id);
        Stop();
    }

    protected void SendToClient(object message) => Send(_client, message);

    protected new PoolWorld World => Coordinator.World;

    private void SendOpened(PoolProtocol.OpenPool open) => SendToClient(new PoolProtocol.PoolOpened(open.Pool, default, false));

    private void Tick()
    {
        OnTick();
        RunAfter(SlowInterval, Tick);
    }

    private void ReceiveFromNode(object message, SimulatedPart sender)
    {
        switch (message)
        {
            case NodeProtocol.IExecutorReport report: ApplyReport(report); break;
            case NodeProtocol.ExecutorStarting starting: AddWorker(starting.Executor, starting.Node, sender); break;
            case NodeProtocol.ExecutorReady ready: OnReady(ready, sender); break;
            case NodeProtocol.ExecutorRetiring retiring: UpdateState(state => state.ExecutorRetiring(retiring.Executor)); break;
            case NodeProtocol.ExecutorExited exited: OnExited(exited); break;
            case NodesProtocol.NodeLost lost: OnNodeLost(lost.Node); break;
            case NodesProtocol.PoolExecutorsGranted granted:
                UpdateState(state => state.ExecutorsGranted(granted.Executors, granted.Nodes));
                break;
        }
    }

    private bool IsFromWorker(ExecutorId worker, SimulatedPart sender) =>
        !_workers.TryGetValue(worker, out var link) || link.Part == sender;

    private void ApplyReport(NodeProtocol.IExecutorReport report)
    {
        if (World.Bug == PlantedBug.AcceptAnyOutcome && report is NodeProtocol.JobsDone done)
            SendReported(done.Outcomes);

        UpdateState(state => state.AddReport(report, Now));
    }

    private bool AddWorker(ExecutorId worker, NodeId node, SimulatedPart sender)
    {
        UpdateState(state => state.ExecutorStarting(worker, node));
        if (!State.Executors.Contains(worker))
            return false;
        if (_workers.TryAdd(worker, new WorkerLink(sender, node)))
            Watch(sender);
        return true;
    }

    private void OnReady(NodeProtocol.ExecutorReady ready, SimulatedPart sender)
    {
        if (!AddWorker(ready.Executor, ready.Node, sender))
            return;
        _ready.Add(ready.Executor);
        UpdateState(state => state.ExecutorReady(ready.Executor, ready.Node, Now, ready.NodeName, ready.ProcessId));
    }

    private void OnExited(NodeProtocol.ExecutorExited exited)
    {
        CountLoss(exited.Executor, isReported: true, isDrained: exited.Exit.Reason == ExecutorExitReason.Drained);
        UpdateState(state => state.ExecutorExited(
            exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, Now));
        ForgetWorker(exited.Executor);
    }

    private void OnNodeLost(NodeId node)
    {
        if (World.Bug == PlantedBug.KeepWorkersOfLostNode)
            return;
        foreach (var worker in _workers.Where(worker => worker.Value.Node == node).Select(worker => worker.Key).ToArray())
            CountLoss(worker, isReported: false);
        _lostNodes.Add(node);
        UpdateState(state => state.NodeLost(node, Now));
        foreach (var worker in _workers.Keys.Where(worker => !State.Executors.Contains(worker)).ToList())
            ForgetWorker(worker);
    }

    /// <summary>
    /// Without a report, the pool takes the first job of a lost worker for the running one. A drain counts for an at-most-once job only.
    /// </summary>
    private void CountLoss(ExecutorId worker, bool isReported, bool isDrained = false)
    {
        if (!HasWorker(worker) || !_workers.TryGetValue(worker, out var link) || link.Part is not ISimulatedWorker { Process: var process })
            return;
        if (process is { Running: { } running, IsLossCounted: false } && (isReported || State.IsRunning(running.Id))
            && (!isDrained || running.Policy.IsAtMostOnce))
            World.OnAttemptLost(this, running.Id);
        process.IsLossCounted = true;
    }

    private void ForgetWorker(ExecutorId worker)
    {
        if (_workers.Remove(worker, out var link))
            Unwatch(link.Part);
        _ready.Remove(worker);
    }

    private void SendToWorker(ExecutorId worker, object message)
    {
        if (_workers.TryGetValue(worker, out var link))
            Send(link.Part, message);
    }

    private void ScheduleComparison()
    {
        if (_isComparisonScheduled || !State.HasOutstanding)
            return;
        _isComparisonScheduled = true;
        RunAfter(CompareInterval, () =>
        {
            _isComparisonScheduled = false;
            UpdateState(state => state.CompareExecutors(Now));
        });
    }

    private void SendComparison(PoolEffect.SendComparison compare)
    {
        if (_workers.TryGetValue(compare.Executor, out var link))
        {
            Send(link.Part, new NodeProtocol.CompareExecutor(
                compare.Executor, State.AcknowledgeReports(compare.Executor), link.LastSent, compare.State, compare.Canceled));
        }
    }

    private void SendRun(PoolEffect.SendJobs run)
    {
        if (!_workers.TryGetValue(run.Executor, out var link))
            return;
        World.CheckAssignment(run, State, Reported, link.Part);
        World.Require(!_lostNodes.Contains(link.Node), Invariant.Removed, $"Jobs were sent to a worker of the removed node {link.Node}.");
        Send(link.Part, new NodeProtocol.RunJobs(run.Jobs, run.First, State.AcknowledgeReports(run.Executor)));
        link.LastSent = run.First + run.Jobs.Length - 1;
        if (World.Bug == PlantedBug.GrantJobTwice && _workers.Values.FirstOrDefault(other => other != link) is { } second)
            Send(second.Part, new NodeProtocol.RunJobs([run.Jobs[0]]));
    }

    private void AcceptSubmission(PoolProtocol.SubmitJobs submit)
    {
        AcknowledgeOutcomes(submit.Acknowledged);
        if (_link.ReceiveSubmission(submit.Number) == ClientLink.SubmissionOrder.Next)
            SubmitJobs(submit);
    }

    private void AcknowledgeOutcomes(long number)
    {
        if (_link.AcknowledgeOutcomes(number))
            StopIfAcknowledged();
    }

    private void AnswerComparison(PoolProtocol.ComparePool compare)
    {
        AcknowledgeOutcomes(compare.Acknowledged);
        _link.ResendOutcomes();
        if (!compare.Canceled.IsEmpty)
            UpdateState(state => state.CancelJobs(compare.Canceled));
        _link.AnswerComparison(State.Ending);
    }

    private void ReleaseWorkers(PoolEffect.ReleaseExecutors release)
    {
        foreach (var worker in release.Kill)
            SendToWorker(worker, new NodeProtocol.KillExecutor(release.IsAbandoned));
        Coordinator.RemovePool(_id);
    }

    private sealed class WorkerLink(SimulatedPart part, NodeId node)
    {
        public SimulatedPart Part => part;

        public NodeId Node => node;

        public long LastSent { get; set; }
    }
}
