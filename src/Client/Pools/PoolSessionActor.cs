using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Serialization;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Pools;

/// <summary>
/// Receives the messages of a pool, and represents the client there: when the client dies, so does this actor, and the pool learns of it.
/// </summary>
internal sealed class PoolSessionActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan FindInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan OpenInterval = TimeSpan.FromSeconds(3);

    private readonly PoolSession _session;
    private readonly OutputWriter _output;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private IActorRef _found = ActorRefs.Nobody;
    private IActorRef _pool = ActorRefs.Nobody;
    private PoolProtocol.OpenPool? _open;
    private IActorRef _link = ActorRefs.Nobody;
    private bool _isFinished;

    public PoolSessionActor(PoolSession session, OutputWriter output)
    {
        _session = session;
        _output = output;
        Receive<OpenAt>(OpenPool);
        Receive<RepeatOpen>(_ => _coordinator.Tell(_open!));
        Receive<RepeatFind>(_ => _coordinator.Tell(new PoolProtocol.FindPool(_open!.Pool)));
        Receive<PoolProtocol.PoolFound>(OpenFoundPool);
        Receive<Status.Failure>(_ => { });
        Receive<PoolProtocol.PoolOpened>(OnOpened);
        Receive<PoolProtocol.PoolRefused>(RefuseOpening);
        Receive<PoolProtocol.PoolInterrupted>(interrupted => LosePool(new DurableStoreException(interrupted.Reason)));
        Receive<PoolProtocol.JobsAccepted>(accepted => _session.OnAccepted(accepted.Number));
        Receive<PoolProtocol.KeyedJobsAccepted>(_session.OnKeyedAccepted);
        Receive<PoolProtocol.JobsEnded>(_session.OnJobsEnded);
        Receive<EndedLocally>(ended => _session.OnEndedLocally(ended.Outcomes));
        Receive<CompareAfter>(after => ScheduleCompareTick(after.Pause));
        Receive<CompareTick>(_ => CompareStates());
        Receive<PoolProtocol.ComparePoolReply>(_session.OnCompared);
        Receive<DownloadedResult>(_session.OnResultDownloaded);
        Receive<PoolProtocol.JobsNotWithdrawn>(not => _session.OnNotWithdrawn(not.Jobs));
        Receive<PoolProtocol.QueryJobReply>(_session.OnInquired);
        Receive<PoolProtocol.WorkerStarted>(started =>
            _session.OnWorkerStarted(new WorkerInfo(started.Executor, started.Node, started.ProcessId, false, null)));
        Receive<PoolProtocol.WorkerEnded>(ended =>
            _session.OnWorkerEnded(new WorkerInfo(ended.Executor, ended.Node, ended.ProcessId, true, ended.Exit.ExitCode)));
        Receive<PoolProtocol.MapProgressReport>(_session.OnProgress);
        Receive<PoolProtocol.WorkerOutput>(ForwardOutput);
        Receive<PoolProtocol.PoolFailed>(failed => _session.OnFailed(failed.Reason));
        Receive<PoolProtocol.PoolFinished>(_session.OnFinished);
        Receive<Terminated>(LoseIfTerminated);
        Receive<DisassociatedEvent>(LoseIfDisconnected);
        Receive<MessageDiscarded>(RefuseDiscarded);
        Receive<OpenTimedOut>(late => LosePool(new CoordinatorLostException(
            $"The coordinator did not open the pool within {late.After.TotalSeconds:0.#} s. Check the coordinator, and try again.")));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// The coordinator names the location of the pool, and the pool opens there. From then on only messages of that pool's actor are
    /// allowed, because they end jobs. A repeated answer of a coordinator or pool has no effect.
    /// </summary>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        PoolProtocol.PoolFound => Sender.IsInProcessOf(_coordinator),
        PoolProtocol.PoolOpened or PoolProtocol.PoolRefused or PoolProtocol.PoolInterrupted =>
            Sender.IsInProcessOf(_coordinator) || Sender.IsInProcessOf(_found) || Sender.Equals(_pool),
        _ => Sender.Equals(_pool),
    };

    /// <summary>Ends the session after the message with which the pool has finished, when its jobs have ended.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        var isHandled = base.AroundReceive(receive, message);
        if (!_isFinished && _session.IsFinishDue && _session.TryFinishSession())
            StopWith(static () => { });
        return isHandled;
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(MessageDiscarded));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        if (!_isFinished)
            _session.OnLost(new CoordinatorLostException("The connection to the coordinator was closed."), Self, withCoordinator: false);
    }

    private void OpenPool(OpenAt open)
    {
        _open = open.Message;
        _coordinator = open.Coordinator;
        _link = Context.Watch(open.Link);
        Timers.StartSingleTimer(nameof(OpenTimedOut), new OpenTimedOut(open.Timeout), open.Timeout);
        if (!open.Message.Spec.IsDurable)
        {
            // Repeated in case the request or the answer is lost.
            Timers.StartPeriodicTimer(nameof(PoolProtocol.OpenPool), new RepeatOpen(), TimeSpan.Zero, OpenInterval);
            return;
        }

        // The pool may be moving between coordinators, and messages to its old location are lost.
        Timers.StartPeriodicTimer(nameof(PoolProtocol.FindPool), new RepeatFind(), TimeSpan.Zero, FindInterval);
    }

    private void OpenFoundPool(PoolProtocol.PoolFound found)
    {
        if (!Timers.IsTimerActive(nameof(OpenTimedOut)) || _open is null)
            return;
        _found = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(found.Path);
        _found.Tell(_open);
    }

    private void OnOpened(PoolProtocol.PoolOpened opened)
    {
        if (!Timers.IsTimerActive(nameof(OpenTimedOut)))
            return;
        Timers.Cancel(nameof(OpenTimedOut));
        Timers.Cancel(nameof(PoolProtocol.FindPool));
        Timers.Cancel(nameof(PoolProtocol.OpenPool));
        _pool = Context.Watch(Sender);
        _session.OnOpened(Sender, opened, Self);
        // The session was terminated meanwhile. The pool ends with this actor, also if the request to terminate it is lost.
        if (_session.HasEnded)
            StopWith(static () => { });
    }

    /// <summary>
    /// A pool may end while its coordinator continues, and is watched for that. When the coordinator is lost too, its link ends next.
    /// </summary>
    private void LoseIfTerminated(Terminated gone)
    {
        if (gone.ActorRef.Equals(_link))
            LosePool(new CoordinatorLostException("The coordinator of this pool was lost; its jobs are lost."), withCoordinator: true);
        else if (gone.AddressTerminated && IsCoordinators(gone.ActorRef.Path.Address))
            return;
        else if (_session.IsEndExpected)
            StopWith(_session.EndSession);
        else
            LosePool(new CoordinatorLostException("The pool ended unexpectedly at its coordinator; its jobs are lost."));
    }

    /// <summary>
    /// A durable pool may be at another coordinator, whose connection only this actor uses. Messages in transit may be lost without notice.
    /// </summary>
    private void LoseIfDisconnected(DisassociatedEvent broken)
    {
        if (broken.RemoteAddress.Equals(_pool.Path.Address) && !IsCoordinators(broken.RemoteAddress))
            LosePool(new CoordinatorLostException("The connection to the coordinator broke; the jobs of this pool are lost."));
    }

    private void RefuseDiscarded(MessageDiscarded discarded)
    {
        if (discarded.Message is PoolProtocol.SubmitJobs submit)
            _session.OnSubmitDiscarded(submit, discarded.Reason);
        else if (discarded.Message is PoolProtocol.OpenPool open && open.Pool == _open?.Pool)
            LosePool(new PayloadTooLargeException(discarded.Reason));
    }

    private bool IsCoordinators(Address address) => address.Equals(_coordinator.Path.Address);

    private void CompareStates()
    {
        if (_session.OnCompareTick() is { } pause)
            ScheduleCompareTick(pause);
    }

    private void ScheduleCompareTick(TimeSpan pause) =>
        Timers.StartSingleTimer(nameof(CompareTick), CompareTick.Instance, pause);

    private void ForwardOutput(PoolProtocol.WorkerOutput output)
    {
        var (pool, self) = (Sender, Self);
        _output.WriteOutput(
            output.IsError, output.Text, () => pool.Tell(new PoolProtocol.WorkerOutputWritten(output.Executor, output.IsError), self));
    }

    private void RefuseOpening(PoolProtocol.PoolRefused refused) => StopWith(() => _session.OnRefused(refused));

    private void LosePool(Exception exception, bool withCoordinator = false) =>
        StopWith(() => _session.OnLost(exception, Self, withCoordinator));

    private void StopWith(Action report)
    {
        _isFinished = true;
        report();
        Context.Stop(Self);
    }

    /// <summary>Opens a pool at a coordinator.</summary>
    /// <param name="Coordinator">The actor that opens pools.</param>
    /// <param name="Message">The request.</param>
    /// <param name="Timeout">The time limit.</param>
    /// <param name="Link">The actor that ends when the coordinator is lost.</param>
    public sealed record OpenAt(IActorRef Coordinator, PoolProtocol.OpenPool Message, TimeSpan Timeout, IActorRef Link);

    /// <summary>Jobs ended in this process, unknown to the pool.</summary>
    public sealed record EndedLocally(ImmutableArray<JobOutcome> Outcomes);

    /// <summary>Jobs are outstanding: compare after a pause.</summary>
    public sealed record CompareAfter(TimeSpan Pause);

    private sealed record CompareTick
    {
        public static readonly CompareTick Instance = new();
    }

    private sealed record RepeatOpen;

    private sealed record RepeatFind;

    private sealed record OpenTimedOut(TimeSpan After);
}
