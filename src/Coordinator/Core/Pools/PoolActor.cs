using System.Collections.Immutable;
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
/// One pool: feeds <see cref="PoolState"/> and carries its effects out. Lives as long as its client; when the client is gone every
/// job is dropped and every executor killed. <see cref="DurablePoolActor"/> differs in what outlives client and process.
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

    public PoolActor(PoolProtocol.OpenPool open, IActorRef client, IActorRef nodes, IActorRef payloads)
        : this(nodes)
    {
        (_open, _payloads) = (open, payloads);
        Client = client;
        // A client that did not hear the answer asks again.
        Receive<PoolProtocol.OpenPool>(_ => TellOpened());
    }

    /// <summary>One that is started later, by <see cref="Start"/>.</summary>
    protected PoolActor(IActorRef nodes)
    {
        _nodes = nodes;
        ReceiveFromClient();
        ReceiveFromExecutors();
        ReceiveFromNodes();
        ReceivePayloads();
        ReceiveComparisons();
        Receive<Tick>(_ =>
        {
            OnTick();
            Report();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>Who opened the pool; nobody when it is gone.</summary>
    protected IActorRef Client { get; set; } = ActorRefs.Nobody;

    /// <summary>The decisions; none before the pool has been started.</summary>
    protected PoolState State { get; private set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        if (_open is null)
            return;
        Context.Watch(Client);
        Start(_open.Pool, _open.Spec);
        TellOpened();
    }

    private void TellOpened() => Client.Tell(new PoolProtocol.PoolOpened(_id, default, false));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        ReportEnd();
    }

    /// <param name="id">Under which nodes know it.</param>
    /// <param name="spec">How it is.</param>
    protected void Start(PoolId id, PoolSpec spec)
    {
        ReportEnd();
        (_id, _name) = (id, spec.IsDurable ? spec.Name : $"{id}");
        State = new PoolState(spec);
        _nodes.Tell(new NodesProtocol.PoolWants(id, spec, spec.Processes));
        Timers.StartPeriodicTimer(nameof(SlowInterval), Tick.Instance, SlowInterval);
    }

    protected virtual void OnTick() => Decide(() => State.Tick(Now));

    /// <summary>For whoever looks: a few times a second while anything changes.</summary>
    private void Report()
    {
        if (State is null)
            return;
        var report = new PoolReport(
            _id, _name, State.Waiting, State.Pending - State.Waiting, State.Executors.Count, State.Ended, State.StaleCompletions, IsOver: false);
        if (report.IsSameAs(_reported))
            return;
        _reported = report;
        Context.System.EventStream.Publish(report);
    }

    /// <summary>The last of this state: what has ended since the report before counts too.</summary>
    private void ReportEnd()
    {
        if (State is not null)
            Context.System.EventStream.Publish(new PoolReport(_id, _name, 0, 0, 0, State.Ended, State.StaleCompletions, IsOver: true));
    }

    protected virtual void Submit(PoolProtocol.SubmitJobs submit)
    {
        Decide(() => State.Submit(submit.Jobs, Now));
        LastAccepted = submit.Number;
        if (submit.WantsReply)
            Client.Tell(AcceptedOf(submit));
    }

    protected virtual void Cancel(PoolProtocol.CancelJobs cancel) => Decide(() => State.Cancel(cancel.Jobs));

    protected virtual void Withdraw(Action withdraw) => Decide(withdraw);

    protected virtual void Close() => Decide(State.Close);

    protected virtual void Terminate() => Decide(State.Terminate);

    /// <summary>The client has ended, or cannot be reached.</summary>
    protected virtual void ClientGone()
    {
        ForgetClient();
        Decide(State.Terminate);
        LeaveUntaken();
    }

    private void ReceiveFromClient()
    {
        Receive<PoolProtocol.SubmitJobs>(Take);
        Receive<PoolProtocol.CancelJobs>(Cancel);
        Receive<PoolProtocol.WithdrawJobs>(withdraw => Withdraw(() => State.Withdraw(withdraw.Jobs)));
        Receive<PoolProtocol.WithdrawAllJobs>(_ => Withdraw(State.WithdrawAll));
        Receive<PoolProtocol.QueryJob>(inquire => Client.Tell(new PoolProtocol.QueryJobReply(inquire.Job, State.IsRunning(inquire.Job))));
        Receive<PoolProtocol.ClosePool>(_ => Close());
        Receive<PoolProtocol.TerminatePool>(_ => Terminate());
        Receive<PoolProtocol.KillWorker>(kill => Tell(kill.Executor, new NodeProtocol.KillExecutor()));
        Receive<PoolProtocol.TerminateWorker>(terminate => Tell(terminate.Executor, new NodeProtocol.TerminateExecutor()));
        Receive<PoolProtocol.WorkerOutputWritten>(taken => Tell(taken.Executor, new NodeProtocol.ExecutorOutputReceived(taken.IsError)));
        Receive<PoolProtocol.RequestMapProgress>(_ => AskProgress());
        Receive<Terminated>(gone =>
        {
            LeaveIfClient(gone.ActorRef);
            LoseExecutor(gone);
        });
        Receive<DisassociatedEvent>(LeaveIfClient);
    }

    private void LeaveIfClient(IActorRef gone)
    {
        if (gone.Equals(Client))
            ClientGone();
    }

    /// <summary>A broken connection ends the pool on both sides, at once: death watch would take seconds to say the same of a client that was killed.</summary>
    private void LeaveIfClient(DisassociatedEvent broken)
    {
        if (broken.RemoteAddress.Equals(Client.Path.Address))
            ClientGone();
    }

    protected void Decide(Action command)
    {
        command();
        foreach (var effect in State.TakeEffects())
            CarryOut(effect);
        if (State.WantsTick && !Timers.IsTimerActive(nameof(SoonInterval)))
            Timers.StartSingleTimer(nameof(SoonInterval), Tick.Instance, SoonInterval);
        CompareLater();
    }

    protected virtual void CarryOut(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.Run run: SendRun(run); break;
            // Whoever terminates a pool has ended its jobs already: there may be a million of them.
            case PoolEffect.End end: SendEnded(end.Outcomes.RemoveAll(static outcome => outcome.Status == JobStatus.PoolTerminated)); break;
            case PoolEffect.Compare compare: SendCompare(compare); break;
            case PoolEffect.Recall recall: Tell(recall.Executor, new NodeProtocol.RevokeJobs()); break;
            case PoolEffect.CancelRunning cancel: Tell(cancel.Executor, new NodeProtocol.CancelRunningJob(cancel.Job)); break;
            case PoolEffect.TellNotWithdrawn not: Client.Tell(new PoolProtocol.JobsNotWithdrawn(not.Jobs)); break;
            case PoolEffect.Retire retire: Tell(retire.Executor, new NodeProtocol.RetireExecutor()); break;
            case PoolEffect.Fail fail: Client.Tell(new PoolProtocol.PoolFailed(fail.Reason)); break;
            case PoolEffect.Release release: Release(release); break;
            case PoolEffect.Forget forget: Remove(forget.Payload); break;
            case PoolEffect.Finish finish: FinishWhenTaken(finish.JobsDropped); break;
        }
    }

    private void SendRun(PoolEffect.Run run)
    {
        if (!_executors.TryGetValue(run.Executor, out var executor))
            return;
        var first = run.First;
        foreach (var jobs in Batches(executor.Actor, run.Jobs, WireLimits.SizeOf))
        {
            executor.Actor.Tell(new NodeProtocol.RunJobs(jobs, first, State.Acknowledge(run.Executor)));
            executor.LastSent = (first += jobs.Length) - 1;
        }
    }

    protected void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        if (outcomes.IsEmpty)
            return;
        KeepPayloads(outcomes);
        foreach (var batch in Batches(Client, outcomes, WireLimits.SizeOf))
            TellEnded(batch);
    }

    private static IEnumerable<ImmutableArray<T>> Batches<T>(IActorRef to, ImmutableArray<T> items, Func<T, int> sizeOf) =>
        to.Path.Address.HasLocalScope ? [items] : WireLimits.SplitIntoBatches(items, sizeOf);

    private void Release(PoolEffect.Release release)
    {
        foreach (var executor in release.Kill)
            Tell(executor, new NodeProtocol.KillExecutor());
        _nodes.Tell(new NodesProtocol.PoolGone(_id));
    }

    protected virtual void Finish(long dropped)
    {
        TellFinished(dropped);
        if (IsHeard)
            Context.Stop(Self);
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
