using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Serialization;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Pools;

/// <summary>Takes in what a pool says and stands for the client there: when the client dies, so does this actor, and the pool knows.</summary>
internal sealed partial class PoolSessionActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FindInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan OpenInterval = TimeSpan.FromSeconds(3);

    private readonly PoolSession _session;
    private readonly OutputWriter _output;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private IActorRef _found = ActorRefs.Nobody;
    private IActorRef _pool = ActorRefs.Nobody;
    private PoolProtocol.Open? _open;
    private bool _isFinished;

    public PoolSessionActor(PoolSession session, OutputWriter output)
    {
        _session = session;
        _output = output;
        Receive<OpenAt>(Open);
        Receive<OpenAgain>(again => again.Coordinator.Tell(_open!));
        Receive<FindAgain>(again => again.Coordinator.Tell(new PoolProtocol.Find(_open!.Pool)));
        Receive<PoolProtocol.Found>(OpenThere);
        Receive<Status.Failure>(_ => { });
        Receive<PoolProtocol.Opened>(Opened);
        Receive<PoolProtocol.Refused>(refused => Refuse(refused.Reason));
        Receive<PoolProtocol.Interrupted>(interrupted => Lose(new DurableStoreException(interrupted.Reason)));
        Receive<PoolProtocol.Accepted>(accepted => _session.Accepted(accepted.Number));
        Receive<PoolProtocol.Ended>(Take);
        Receive<EndedHere>(ended => _session.Ended(ended.Outcomes));
        ReceiveComparisons();
        Receive<FetchedResult>(_session.Fetched);
        Receive<PoolProtocol.NotWithdrawn>(not => _session.NotWithdrawn(not.Jobs));
        Receive<PoolProtocol.Inquired>(_session.Answered);
        Receive<PoolProtocol.ExecutorStarted>(started =>
            _session.ExecutorStarted(new WorkerInfo(started.Executor, started.Node, started.ProcessId, false, null)));
        Receive<PoolProtocol.ExecutorEnded>(ended =>
            _session.ExecutorEnded(new WorkerInfo(ended.Executor, ended.Node, ended.ProcessId, true, ended.Exit.ExitCode)));
        Receive<PoolProtocol.Progress>(progress => _session.Progressed(progress.Job, progress.Items));
        Receive<PoolProtocol.Output>(Write);
        Receive<PoolProtocol.Failed>(failed => _session.Failed(failed.Reason));
        Receive<PoolProtocol.Finished>(FinishWhenComplete);
        Receive<Terminated>(LoseIfGone);
        Receive<DisassociatedEvent>(LoseIfBroken);
        Receive<MessageDiscarded>(RefuseDiscarded);
        Receive<OpenTimedOut>(_ => Lose(new CoordinatorLostException($"The coordinator did not open the pool within {OpenTimeout.TotalSeconds:0} s.")));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// The coordinator says where the pool is; it opens there. From then on only that pool's actor is heard: its messages end jobs. What a pool or coordinator
    /// that has answered twice says again is heard, and has no effect.
    /// </summary>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        PoolProtocol.Found => Sender.IsBeside(_coordinator),
        PoolProtocol.Opened or PoolProtocol.Refused or PoolProtocol.Interrupted => Sender.IsBeside(_coordinator) || Sender.IsBeside(_found) || Sender.Equals(_pool),
        _ => Sender.Equals(_pool),
    };

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
            _session.Lost(new CoordinatorLostException("The connection to the coordinator was closed."), Self, withCoordinator: false);
    }

    private void Open(OpenAt open)
    {
        _open = open.Message;
        _coordinator = Context.Watch(open.Coordinator);
        Timers.StartSingleTimer(nameof(OpenTimedOut), OpenTimedOut.Instance, OpenTimeout);
        if (!open.Message.Spec.IsDurable)
        {
            // Again, should it or the answer be lost.
            Timers.StartPeriodicTimer(nameof(PoolProtocol.Open), new OpenAgain(open.Coordinator), TimeSpan.Zero, OpenInterval);
            return;
        }

        // It may be on its way from one coordinator to another, and what is sent to where it was is lost.
        Timers.StartPeriodicTimer(nameof(PoolProtocol.Find), new FindAgain(open.Coordinator), TimeSpan.Zero, FindInterval);
    }

    private void OpenThere(PoolProtocol.Found found)
    {
        if (!Timers.IsTimerActive(nameof(OpenTimedOut)) || _open is null)
            return;
        _found = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(found.Path);
        _found.Tell(_open with { Ticket = found.Ticket });
    }

    private void Opened(PoolProtocol.Opened opened)
    {
        if (!Timers.IsTimerActive(nameof(OpenTimedOut)))
            return;
        Timers.Cancel(nameof(OpenTimedOut));
        Timers.Cancel(nameof(PoolProtocol.Find));
        Timers.Cancel(nameof(PoolProtocol.Open));
        _pool = Context.Watch(Sender);
        _session.Opened(Sender, opened, Self);
    }

    /// <summary>A pool may end where its coordinator goes on, and a durable one is at any of them.</summary>
    private void LoseIfGone(Terminated gone)
    {
        if (gone.ActorRef.Equals(_coordinator) || (gone.AddressTerminated && IsCoordinators(gone.ActorRef.Path.Address)))
            Lose(new CoordinatorLostException("The coordinator of this pool is gone; its jobs are lost."), withCoordinator: true);
        else if (_session.IsEndExpected)
            Finish();
        else
            Lose(new CoordinatorLostException("This pool has ended at its coordinator; its jobs are lost."));
    }

    /// <summary>What was on its way when the connection broke may be lost, and nobody could say what.</summary>
    private void LoseIfBroken(DisassociatedEvent broken)
    {
        var isCoordinators = IsCoordinators(broken.RemoteAddress);
        if (isCoordinators || broken.RemoteAddress.Equals(_pool.Path.Address))
            Lose(new CoordinatorLostException("The connection to the coordinator broke; the jobs of this pool are lost."), isCoordinators);
    }

    private void RefuseDiscarded(MessageDiscarded discarded)
    {
        if (discarded.Message is PoolProtocol.Submit submit)
            _session.Discarded(submit, discarded.Reason);
        else if (discarded.Message is PoolProtocol.Open open && open.Pool == _open?.Pool)
            Lose(new PayloadTooLargeException(discarded.Reason));
    }

    private bool IsCoordinators(Address address) => address.Equals(_coordinator.Path.Address);

    /// <returns>The others.</returns>
    private ImmutableArray<JobOutcome> FetchStored(ImmutableArray<JobOutcome> outcomes)
    {
        var hasStored = false;
        foreach (var outcome in outcomes)
        {
            if (outcome.Stored is null)
                continue;
            hasStored = true;
            _session.FetchAsync(outcome).PipeTo(Self);
        }

        return hasStored ? outcomes.RemoveAll(outcome => outcome.Stored is not null) : outcomes;
    }

    private void Write(PoolProtocol.Output output)
    {
        var (pool, self) = (Sender, Self);
        _output.Write(output.IsError, output.Text, () => pool.Tell(new PoolProtocol.OutputTaken(output.Executor, output.IsError), self));
    }

    private void Finish()
    {
        _isFinished = true;
        _session.Finish();
        Context.Stop(Self);
    }

    private void Refuse(string reason)
    {
        _isFinished = true;
        _session.Refused(reason);
        Context.Stop(Self);
    }

    private void Lose(Exception exception, bool withCoordinator = false)
    {
        _isFinished = true;
        _session.Lost(exception, Self, withCoordinator);
        Context.Stop(Self);
    }

    /// <summary>Open the pool there.</summary>
    public sealed record OpenAt(IActorRef Coordinator, PoolProtocol.Open Message);

    private sealed record OpenAgain(IActorRef Coordinator);

    private sealed record FindAgain(IActorRef Coordinator);

    private sealed record OpenTimedOut
    {
        public static readonly OpenTimedOut Instance = new();
    }
}
