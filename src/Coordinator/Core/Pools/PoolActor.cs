using System.Collections.Immutable;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Runs one pool: feeds <see cref="PoolState"/> and applies its effects. The pool lives as long as its client: when the client disconnects,
/// all jobs are dropped and all executors are killed. <see cref="DurablePoolActor"/> outlives both.
/// </summary>
internal partial class PoolActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan SoonInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(500);

    private readonly PoolProtocol.OpenPool? _open;
    private readonly IActorRef _nodes;
    private PoolId _id;
    private string _name = "";
    private PoolReport? _reported;

    /// <param name="open">The request of the client.</param>
    /// <param name="client">The client.</param>
    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="payloads">The actor that stores large arguments and results.</param>
    /// <param name="opened">The charge of the pool to its client. Null for a client without limits.</param>
    public PoolActor(PoolProtocol.OpenPool open, IActorRef client, IActorRef nodes, IActorRef payloads, ClientCharge? opened = null)
        : this(nodes)
    {
        (_open, _payloads, _opened) = (open, payloads, opened);
        Client = client;
        // A client that missed the answer opens the pool again.
        Receive<PoolProtocol.OpenPool>(_ => SendOpened());
    }

    /// <summary>Creates a pool that <see cref="StartPool"/> starts later.</summary>
    protected PoolActor(IActorRef nodes)
    {
        _nodes = nodes;
        ReceiveFromClient();
        ReceiveFromExecutors();
        ReceiveFromNodes();
        ReceivePayloads();
        ReceiveComparisons();
        Receive<PoolTick>(_ =>
        {
            OnTick();
            PublishReport();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The client that opened the pool. Nobody after it has disconnected.</summary>
    protected IActorRef Client { get; set; } = ActorRefs.Nobody;

    /// <summary>The state of the pool. Null until the pool is started.</summary>
    protected PoolState State { get; private set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        if (_open is null)
            return;
        Context.Watch(Client);
        ChargeClient(_opened);
        StartPool(_open.Pool, _open.Spec);
        SendOpened();
    }

    private void SendOpened() => Client.Tell(new PoolProtocol.PoolOpened(_id, default, false));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        EndCharges();
        PublishEnd();
    }

    /// <param name="id">The id by which nodes know the pool.</param>
    /// <param name="spec">The options of the pool.</param>
    protected void StartPool(PoolId id, PoolSpec spec)
    {
        PublishEnd();
        (_id, _name) = (id, spec.IsDurable ? spec.Name : $"{id}");
        State = new PoolState(spec);
        Context.System.EventStream.Publish(new PoolStarted(spec.Bundle, Self));
        _nodes.Tell(new NodesProtocol.RequestExecutors(id, spec, spec.Processes));
        Timers.StartPeriodicTimer(nameof(SlowInterval), PoolTick.Instance, SlowInterval);
    }

    protected virtual void OnTick() => UpdateState(() => State.CheckProgress(Now));

    /// <summary>Publishes a report for metrics and nodes, if it differs from the last one.</summary>
    private void PublishReport()
    {
        if (State is null)
            return;
        var report = new PoolReport(
            _id, _name, State.Waiting, State.Pending - State.Waiting, State.Executors.Count, State.Ended, State.StaleCompletions,
            IsEnded: false);
        if (report.IsSameAs(_reported))
            return;
        _reported = report;
        Context.System.EventStream.Publish(report);
    }

    /// <summary>Publishes the last report of the current state, with the jobs that ended since the previous report.</summary>
    private void PublishEnd()
    {
        if (State is not null)
            Context.System.EventStream.Publish(new PoolReport(_id, _name, 0, 0, 0, State.Ended, State.StaleCompletions, IsEnded: true));
    }

    protected virtual void SubmitJobs(PoolProtocol.SubmitJobs submit)
    {
        UpdateState(() => State.SubmitJobs(submit.Jobs, Now));
        LastAccepted = submit.Number;
        if (submit.WantsReply)
            Client.Tell(CreateAccepted(submit));
    }

    protected virtual void CancelJobs(PoolProtocol.CancelJobs cancel) => UpdateState(() => State.CancelJobs(cancel.Jobs));

    protected virtual void WithdrawJobs(Action withdraw) => UpdateState(withdraw);

    protected virtual void ClosePool() => UpdateState(State.ClosePool);

    protected virtual void TerminatePool() => UpdateState(State.TerminatePool);

    /// <summary>Called when the client has disconnected.</summary>
    protected virtual void OnClientLost()
    {
        ResetClient();
        UpdateState(State.TerminatePool);
        DropPayloads();
    }

    private void ReceiveFromClient()
    {
        Receive<PoolProtocol.SubmitJobs>(AcceptSubmission);
        Receive<PoolProtocol.CancelJobs>(CancelJobs);
        Receive<PoolProtocol.WithdrawJobs>(withdraw => WithdrawJobs(() => State.WithdrawJobs(withdraw.Jobs)));
        Receive<PoolProtocol.WithdrawAllJobs>(_ => WithdrawJobs(State.WithdrawAll));
        Receive<PoolProtocol.QueryJob>(inquire => Client.Tell(new PoolProtocol.QueryJobReply(inquire.Job, State.IsRunning(inquire.Job))));
        // A lost submission is sent again, and this request after it.
        Receive<PoolProtocol.ClosePool>(close => HasReceived(close.Submitted), _ => ClosePool());
        Receive<PoolProtocol.ClosePool>(_ => { });
        Receive<PoolProtocol.TerminatePool>(_ => TerminatePool());
        Receive<PoolProtocol.KillWorker>(kill => SendToExecutor(kill.Executor, new NodeProtocol.KillExecutor()));
        Receive<PoolProtocol.TerminateWorker>(terminate => SendToExecutor(terminate.Executor, new NodeProtocol.TerminateExecutor()));
        Receive<PoolProtocol.WorkerOutputWritten>(
            acknowledged => SendToExecutor(acknowledged.Executor, new NodeProtocol.ExecutorOutputReceived(acknowledged.IsError)));
        Receive<PoolProtocol.RequestMapProgress>(_ => RequestProgress());
        Receive<Terminated>(terminated =>
        {
            LeaveIfClient(terminated.ActorRef);
            OnExecutorTerminated(terminated);
        });
        Receive<DisassociatedEvent>(LeaveIfClient);
    }

    private void LeaveIfClient(IActorRef terminated)
    {
        if (terminated.Equals(Client))
            OnClientLost();
    }

    /// <summary>
    /// Ends the pool at once when the connection to the client breaks. Death watch would take seconds to detect a killed client.
    /// </summary>
    private void LeaveIfClient(DisassociatedEvent disconnected)
    {
        if (disconnected.RemoteAddress.Equals(Client.Path.Address))
            OnClientLost();
    }

    protected void UpdateState(Action command)
    {
        command();
        foreach (var effect in State.TakeEffects())
            ApplyEffect(effect);
        ChargePending();
        if (State.NeedsCheck && !Timers.IsTimerActive(nameof(SoonInterval)))
            Timers.StartSingleTimer(nameof(SoonInterval), PoolTick.Instance, SoonInterval);
        ScheduleComparison();
    }

    protected virtual void ApplyEffect(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.SendJobs run: SendRun(run); break;
            // The client has already ended these jobs itself, and there may be a million of them.
            case PoolEffect.SendOutcomes end:
                SendEnded(end.Outcomes.RemoveAll(static outcome => outcome.Status == JobStatus.PoolTerminated));
                break;
            case PoolEffect.SendComparison compare: SendCompare(compare); break;
            case PoolEffect.SendRevocation revocation: SendToExecutor(revocation.Executor, new NodeProtocol.RevokeJobs()); break;
            case PoolEffect.SendCancellation cancel: SendToExecutor(cancel.Executor, new NodeProtocol.CancelRunningJob(cancel.Job)); break;
            case PoolEffect.SendNotWithdrawn not: Client.Tell(new PoolProtocol.JobsNotWithdrawn(not.Jobs)); break;
            case PoolEffect.SendRetirement retire: SendToExecutor(retire.Executor, new NodeProtocol.RetireExecutor()); break;
            case PoolEffect.SendFailure fail: Client.Tell(new PoolProtocol.PoolFailed(fail.Reason)); break;
            case PoolEffect.ReleaseExecutors release: ReleaseExecutors(release); break;
            case PoolEffect.RemovePayload forget: RemovePayload(forget.Payload); break;
            case PoolEffect.FinishPool finish: FinishWhenDownloaded(finish.JobsDropped); break;
        }
    }

    private void SendRun(PoolEffect.SendJobs run)
    {
        if (!_executors.TryGetValue(run.Executor, out var executor))
            return;
        var first = run.First;
        foreach (var jobs in SplitBatches(executor.Actor, run.Jobs, WireLimits.SizeOf))
        {
            executor.Actor.Tell(new NodeProtocol.RunJobs(jobs, first, State.AcknowledgeReports(run.Executor)));
            executor.LastSent = (first += jobs.Length) - 1;
        }
    }

    protected void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        if (outcomes.IsEmpty)
            return;
        RetainPayloads(outcomes);
        foreach (var batch in SplitBatches(Client, outcomes, WireLimits.SizeOf))
            SendEndedBatch(batch);
    }

    private static IEnumerable<ImmutableArray<T>> SplitBatches<T>(IActorRef to, ImmutableArray<T> items, Func<T, int> sizeOf) =>
        to.Path.Address.HasLocalScope ? [items] : WireLimits.SplitIntoBatches(items, sizeOf);

    private void ReleaseExecutors(PoolEffect.ReleaseExecutors release)
    {
        foreach (var executor in release.Kill)
            SendToExecutor(executor, new NodeProtocol.KillExecutor());
        _nodes.Tell(new NodesProtocol.ReleasePool(_id));
    }

    protected virtual void FinishPool(long dropped)
    {
        SendFinished(dropped);
        if (IsAllAcknowledged)
            Context.Stop(Self);
    }

    private sealed record PoolTick
    {
        public static readonly PoolTick Instance = new();
    }
}
