using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Keeps as many executors as a pool was granted on this node. A child that throws is stopped, its process with it; who has ended is
/// replaced as the <see cref="RestartPolicy"/> says.
/// </summary>
internal sealed class PoolExecutorsActor : PeerActor, IWithTimers
{
    private readonly ExecutorSetup _setup;
    private readonly RestartPolicy _restarts = new();
    private readonly HashSet<IActorRef> _serving = [];
    private readonly HashSet<IActorRef> _leaving = [];
    private int _granted;

    public PoolExecutorsActor(ExecutorSetup setup)
    {
        _setup = setup;
        Receive<Grant>(grant => Keep(grant.Executors));
        Receive<ExecutorActor.Started>(_ => _restarts.Started());
        Receive<ExecutorActor.Ended>(ended => Replace(ended.WasReady));
        Receive<StartMissing>(_ => Reconcile());
        Receive<Terminated>(gone => Forget(gone.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The node's own actor tells it what a pool was granted; nothing comes from other processes.</summary>
    protected override bool IsAllowed(IWireMessage message) => false;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Keep(int executors)
    {
        _granted = executors;
        Reconcile();
        StopWhenDone();
    }

    private void Reconcile()
    {
        while (_serving.Count < _granted && TryStart())
        {
        }

        while (_serving.Count > _granted)
            Retire(_serving.First());
    }

    /// <returns>False when there is no room for its files: the next attempt follows after a pause.</returns>
    private bool TryStart()
    {
        try
        {
            var files = ExecutorFiles.Create(_setup);
            var executor = Props.Create(() => new ExecutorActor(_setup, files));
            _serving.Add(Context.Watch(Context.ActorOf(InlineDispatcher.Apply(executor, Context.System), RandomName.Of("executor"))));
            return true;
        }
        catch (StorageException exception)
        {
            ReportNotStarted(exception);
            PauseBeforeStart(_restarts.Ended(wasReady: false));
            return false;
        }
    }

    private void ReportNotStarted(Exception exception)
    {
        var id = ExecutorId.New();
        var exit = new ExecutorExit(ExecutorExitReason.StartFailed, null, "");
        _setup.Pool.Tell(new NodeProtocol.ExecutorStarting(id, _setup.Node));
        _setup.Pool.Tell(new NodeProtocol.ExecutorExited(
            id, _setup.Node, _setup.NodeName, 0, exit, default, default, FailureConverter.ToFailure(exception)));
    }

    private void PauseBeforeStart(TimeSpan pause) => Timers.StartSingleTimer(nameof(StartMissing), StartMissing.Instance, pause);

    private void Retire(IActorRef executor)
    {
        executor.Tell(new NodeProtocol.Retire());
        _serving.Remove(executor);
        _leaving.Add(executor);
    }

    private void Replace(bool wasReady)
    {
        var pause = _restarts.Ended(wasReady);
        Remove(Sender);
        if (_granted > 0 && pause > TimeSpan.Zero)
            PauseBeforeStart(pause);
        else
            Continue();
    }

    /// <summary>An executor's actor that threw has not reported its end. Without a pause the next would throw at once, again and again.</summary>
    private void Forget(IActorRef executor)
    {
        if (!Remove(executor))
            return;
        PauseBeforeStart(_restarts.Ended(wasReady: false));
        StopWhenDone();
    }

    private bool Remove(IActorRef executor) => _serving.Remove(executor) | _leaving.Remove(executor);

    private void Continue()
    {
        if (!Timers.IsTimerActive(nameof(StartMissing)))
            Reconcile();
        StopWhenDone();
    }

    private void StopWhenDone()
    {
        if (_granted == 0 && _serving.Count + _leaving.Count == 0)
            Context.Stop(Self);
    }

    /// <summary>How many executors the pool has here; 0 ends them, and this actor after them.</summary>
    public sealed record Grant(int Executors);

    private sealed record StartMissing
    {
        public static readonly StartMissing Instance = new();
    }
}
