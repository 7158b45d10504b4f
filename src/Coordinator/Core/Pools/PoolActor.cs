using System.Collections.Immutable;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Messages.Telemetry;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Runs one pool: feeds <see cref="PoolState"/> and applies its effects. The pool lives as long as its client: when the client disconnects,
/// all jobs are dropped and all executors are killed. The jobs of a durable pool run in such pools too, one for each build of the program;
/// see <see cref="BuildActor"/>.
/// </summary>
public partial class PoolActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan SoonInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(500);

    private readonly PoolProtocol.OpenPool _open;
    private readonly IActorRef _nodes;
    private readonly ClientLink _link;
    private readonly PoolSpans _spans;
    private PoolReport? _reported;
    private bool _hasFinished;

    /// <param name="open">The request of the client.</param>
    /// <param name="client">The client.</param>
    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="payloads">The actor that stores large arguments and results.</param>
    /// <param name="opened">The charge of the pool to its client. Null for a client without limits.</param>
    public PoolActor(PoolProtocol.OpenPool open, IActorRef client, IActorRef nodes, IActorRef payloads, OpenPoolCharge? opened = null)
    {
        (_open, _nodes, _payloads) = (open, nodes, payloads);
        Client = client;
        _link = new ClientLink(new ActorRecipient(client), ClientUsages.FindUsage(Context.System, client), opened);
        State = new PoolState(open.Spec);
        // A coordinator in the program of a client has no address.
        _spans = new PoolSpans(Name, !((ExtendedActorSystem)Context.System).Provider.DefaultAddress.HasLocalScope);
        ReceiveFromClient();
        ReceiveFromExecutors();
        ReceiveFromNodes();
        ReceivePayloads();
        ReceiveComparisons();
        Receive<ActorIdentity>(identity => Sender.Equals(Client), identity => _link.Progress.OnReceived(identity.MessageId));
        Receive<PoolTick>(tick => OnTick(tick.IsSlow));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The client that opened the pool.</summary>
    protected IActorRef Client { get; }

    /// <summary>The state of the pool.</summary>
    protected PoolState State { get; }

    private PoolId Id => _open.Pool;

    /// <summary>The name of the pool for metrics.</summary>
    private string Name => ActorsTelemetry.GetPoolName(_open.Spec);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.Watch(Client);
        Context.System.EventStream.Publish(new PoolStarted(_open.Spec.Bundle, Self));
        _nodes.Tell(new NodesProtocol.RequestExecutors(Id, _open.Spec, _open.Spec.Processes));
        Timers.StartPeriodicTimer(nameof(SlowInterval), PoolTick.Slow, SlowInterval);
        SendOpened();
    }

    private void SendOpened() => Client.Tell(new PoolProtocol.PoolOpened(Id, default, false));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _link.EndCharges();
        PublishEnd();
    }

    private void OnTick(bool isSlow)
    {
        UpdateState(() => State.CheckProgress(Now));
        if (isSlow)
        {
            AnswerWaitingComparison();
            // Other clients may have freed memory.
            UpdatePause();
        }

        PublishReport();
    }

    /// <summary>Publishes a report for metrics and nodes, if it differs from the last one.</summary>
    private void PublishReport()
    {
        var report = CreateReport(isEnded: false);
        if (report.IsSameAs(_reported))
            return;
        _reported = report;
        Context.System.EventStream.Publish(report);
    }

    /// <summary>Publishes the last report, with the jobs that ended since the previous one.</summary>
    private void PublishEnd() => Context.System.EventStream.Publish(CreateReport(isEnded: true));

    private PoolReport CreateReport(bool isEnded) => new(
        Id, Name, _open.Spec.IsDurable, isEnded ? default : State.Figures, State.Ended, State.Restarts, State.StaleCompletions, isEnded);

    private void SubmitJobs(PoolProtocol.SubmitJobs submit)
    {
        UpdateState(() => State.SubmitJobs(_spans.BeginTraces(submit.Jobs), Now));
        _link.LastAccepted = submit.Number;
        if (submit.WantsReply)
            Client.Tell(new PoolProtocol.JobsAccepted(submit.Number));
    }

    /// <summary>Called when the client has disconnected.</summary>
    private void OnClientLost()
    {
        _link.Disconnect();
        StopIfAcknowledged();
        UpdateState(State.AbandonPool);
        DropPayloads();
    }

    private void ReceiveFromClient()
    {
        // A client that missed the answer opens the pool again.
        Receive<PoolProtocol.OpenPool>(_ => SendOpened());
        Receive<PoolProtocol.SubmitJobs>(AcceptSubmission);
        Receive<PoolProtocol.CancelJobs>(cancel => UpdateState(() => State.CancelJobs(cancel.Jobs)));
        Receive<PoolProtocol.WithdrawJobs>(
            withdraw => _link.ReceiveWithdrawal(withdraw.Number), withdraw => UpdateState(() => State.WithdrawJobs(withdraw.Jobs)));
        Receive<PoolProtocol.WithdrawJobs>(_ => { });
        Receive<PoolProtocol.WithdrawAllJobs>(_ => UpdateState(State.WithdrawAll));
        Receive<PoolProtocol.QueryJob>(inquire => Client.Tell(new PoolProtocol.QueryJobReply(inquire.Job, State.IsRunning(inquire.Job))));
        // A lost submission is sent again, and this request after it.
        Receive<PoolProtocol.ClosePool>(close => _link.HasReceived(close.Submitted), _ => UpdateState(State.ClosePool));
        Receive<PoolProtocol.ClosePool>(_ => { });
        Receive<PoolProtocol.TerminatePool>(_ => UpdateState(State.TerminatePool));
        Receive<PoolProtocol.KillWorker>(kill => SendToExecutor(kill.Executor, new NodeProtocol.KillExecutor()));
        Receive<PoolProtocol.TerminateWorker>(terminate => SendToExecutor(terminate.Executor, new NodeProtocol.TerminateExecutor()));
        Receive<PoolProtocol.WorkerOutputWritten>(AcknowledgeOutput);
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
            Timers.StartSingleTimer(nameof(SoonInterval), PoolTick.Soon, SoonInterval);
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
            case PoolEffect.RecordWaits record: JobWaits.OfProcess.RecordWaits(Name, record.Waits); break;
            case PoolEffect.RemovePayload forget: RemovePayload(forget.Payload); break;
            case PoolEffect.RemoveResult forget: RemoveResult(forget.Payload); break;
            case PoolEffect.FinishPool finish: FinishWhenDownloaded(finish.JobsDropped); break;
        }
    }

    private void SendRun(PoolEffect.SendJobs run)
    {
        if (!_executors.TryGetValue(run.Executor, out var executor))
            return;
        if (_spans.AreObserved)
            _spans.RecordDispatch(run.Jobs, job => State.MeasureWait(job, Now));
        var first = run.First;
        var batches = executor.Actor.Path.Address.HasLocalScope ? [run.Jobs] : WireLimits.SplitIntoBatches(run.Jobs, WireLimits.SizeOf);
        foreach (var jobs in batches)
        {
            executor.Actor.Tell(new NodeProtocol.RunJobs(jobs, first, State.AcknowledgeReports(run.Executor)));
            executor.LastSent = (first += jobs.Length) - 1;
        }
    }

    private void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        if (outcomes.IsEmpty)
            return;
        RetainPayloads(outcomes);
        _link.SendEnded(outcomes);
        UpdatePause();
    }

    private void ReleaseExecutors(PoolEffect.ReleaseExecutors release)
    {
        foreach (var executor in release.Kill)
            SendToExecutor(executor, new NodeProtocol.KillExecutor(release.IsAbandoned));
        _nodes.Tell(new NodesProtocol.ReleasePool(Id));
    }

    protected virtual void FinishPool(long dropped)
    {
        _hasFinished = true;
        _link.SendFinished(dropped);
        StopIfAcknowledged();
    }

    private sealed record PoolTick(bool IsSlow)
    {
        public static readonly PoolTick Soon = new(IsSlow: false);
        public static readonly PoolTick Slow = new(IsSlow: true);
    }
}
