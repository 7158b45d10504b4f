using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Telemetry;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Runs the granted number of executors of a pool on this node. A child that throws is stopped together with its process.
/// <see cref="RestartPolicy"/> decides when an executor is replaced.
/// </summary>
public sealed class PoolExecutorsActor : PeerActor, IWithTimers
{
    private readonly ExecutorSetup _setup;
    private readonly RestartPolicy _restarts = new();
    private readonly HashSet<IActorRef> _serving = [];
    private readonly HashSet<IActorRef> _leaving = [];
    private int _granted;

    public PoolExecutorsActor(ExecutorSetup setup)
    {
        _setup = setup;
        Receive<SetExecutorCount>(grant => SetCount(grant.Executors));
        Receive<DrainExecutors>(_ => DrainAll());
        Receive<ExecutorActor.ProcessReady>(_ => _restarts.OnExecutorReady());
        Receive<ExecutorActor.ProcessEnded>(ReplaceExecutor);
        Receive<StartMissing>(_ => ReconcileExecutors());
        Receive<Terminated>(gone => OnExecutorFailed(gone.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of the node sets the number of executors. No messages come from other processes.</summary>
    protected override bool IsAllowed(IWireMessage message) => false;

    private string PoolName => ActorsTelemetry.GetPoolName(_setup.Spec);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _setup.Shared?.Dispose();
        _setup.Meter?.AddWorkers(PoolName, -_serving.Count - _leaving.Count);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void SetCount(int executors)
    {
        _granted = executors;
        ReconcileExecutors();
        StopWhenDone();
    }

    private void DrainAll()
    {
        _granted = 0;
        _leaving.UnionWith(_serving);
        _serving.Clear();
        foreach (var executor in _leaving)
            executor.Tell(ExecutorActor.DrainDue.Instance);
        StopWhenDone();
    }

    private void ReconcileExecutors()
    {
        while (_serving.Count < _granted && TryStart())
        {
        }

        while (_serving.Count > _granted)
            RetireExecutor(_serving.First());
    }

    /// <returns>False if the disk has no space for the files. The next attempt follows after a pause.</returns>
    private bool TryStart()
    {
        try
        {
            var files = ExecutorFiles.CreateFiles(_setup);
            var props = InlineDispatcher.ApplyTo(ActorProps.Create(() => new ExecutorActor(_setup, files)), Context.System);
            _serving.Add(Context.Watch(Context.ActorOf(props, RandomName.NewName("executor"))));
            _setup.Meter?.AddWorkers(PoolName, 1);
            return true;
        }
        catch (StorageException exception)
        {
            ReportNotStarted(exception);
            PauseBeforeStart(_restarts.OnExecutorEnded(wasReady: false));
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

    private void RetireExecutor(IActorRef executor)
    {
        executor.Tell(new NodeProtocol.RetireExecutor());
        _serving.Remove(executor);
        _leaving.Add(executor);
    }

    private void ReplaceExecutor(ExecutorActor.ProcessEnded ended)
    {
        var pause = _restarts.OnExecutorEnded(ended.WasReady);
        RemoveExecutor(Sender, ended.Reason);
        if (_granted > 0 && pause > TimeSpan.Zero)
            PauseBeforeStart(pause);
        else
            ReconcileUnlessPaused();
    }

    /// <summary>Replaces an executor whose actor threw without a report. The pause prevents a fast sequence of failures.</summary>
    private void OnExecutorFailed(IActorRef executor)
    {
        if (!RemoveExecutor(executor, ExecutorExitReason.Crashed))
            return;
        PauseBeforeStart(_restarts.OnExecutorEnded(wasReady: false));
        StopWhenDone();
    }

    private bool RemoveExecutor(IActorRef executor, ExecutorExitReason reason)
    {
        var wasServing = _serving.Remove(executor);
        if (wasServing)
            _setup.Meter?.CountRestart(PoolName, reason);
        if (!wasServing && !_leaving.Remove(executor))
            return false;
        _setup.Meter?.AddWorkers(PoolName, -1);
        return true;
    }

    private void ReconcileUnlessPaused()
    {
        if (!Timers.IsTimerActive(nameof(StartMissing)))
            ReconcileExecutors();
        StopWhenDone();
    }

    private void StopWhenDone()
    {
        if (_granted == 0 && _serving.Count + _leaving.Count == 0)
            Context.Stop(Self);
    }

    /// <summary>Sets the number of executors of the pool on this node. 0 ends all of them, and then this actor.</summary>
    public sealed record SetExecutorCount(int Executors);

    /// <summary>Ends all executors, because the node drains.</summary>
    public sealed record DrainExecutors
    {
        public static readonly DrainExecutors Instance = new();
    }

    private sealed record StartMissing
    {
        public static readonly StartMissing Instance = new();
    }
}
