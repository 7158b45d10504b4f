using Actors.Messages.Nodes;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Keeps as many executors as a pool was granted on this node. A child that throws is stopped, its process with it; who has ended is
/// replaced as the <see cref="RestartPolicy"/> says.
/// </summary>
internal sealed class PoolExecutorsActor : ReceiveActor, IWithTimers
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
        Receive<NodeProtocol.Retiring>(_ => { });
        Receive<Terminated>(gone => Forget(gone.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

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
        while (_serving.Count < _granted)
            _serving.Add(Context.Watch(Context.ActorOf(InlineDispatcher.Apply(Props.Create(() => new ExecutorActor(_setup)), Context.System))));
        while (_serving.Count > _granted)
            Retire(_serving.First());
    }

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
            Timers.StartSingleTimer(nameof(StartMissing), StartMissing.Instance, pause);
        else
            Continue();
    }

    /// <summary>An executor's actor that failed has said nothing before.</summary>
    private void Forget(IActorRef executor)
    {
        if (Remove(executor))
            Continue();
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
