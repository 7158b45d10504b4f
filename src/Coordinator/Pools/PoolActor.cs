using System.Collections.Immutable;
using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Pools;

/// <summary>
/// One pool: feeds <see cref="PoolState"/> and carries its effects out. Lives as long as its client; when the client is gone every
/// job is dropped and every executor killed.
/// </summary>
internal sealed class PoolActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan SoonInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(500);

    private readonly PoolProtocol.Open _open;
    private readonly IActorRef _client;
    private readonly IActorRef _nodes;
    private readonly PoolState _state;
    private readonly Dictionary<ExecutorId, IActorRef> _executors = [];

    public PoolActor(PoolProtocol.Open open, IActorRef client, IActorRef nodes)
    {
        _open = open;
        _client = client;
        _nodes = nodes;
        _state = new PoolState(open.Spec);
        ReceiveFromClient();
        ReceiveFromExecutors();
        ReceiveFromNodes();
        Receive<Tick>(_ => Decide(() => _state.Tick(Now)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_client);
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        _nodes.Tell(new NodesProtocol.PoolWants(_open.Pool, _open.Spec, _open.Spec.Processes));
        _client.Tell(new PoolProtocol.Opened(_open.Pool));
        Timers.StartPeriodicTimer(nameof(SlowInterval), Tick.Instance, SlowInterval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void ReceiveFromClient()
    {
        Receive<PoolProtocol.Submit>(submit =>
        {
            Decide(() => _state.Submit(submit.Jobs, Now));
            _client.Tell(PoolProtocol.Accepted.Instance);
        });
        Receive<PoolProtocol.Cancel>(cancel => Decide(() => _state.Cancel(cancel.Jobs)));
        Receive<PoolProtocol.Close>(_ => Decide(_state.Close));
        Receive<PoolProtocol.Terminate>(_ => Decide(_state.Terminate));
        Receive<PoolProtocol.Kill>(kill => Tell(kill.Executor, new NodeProtocol.KillExecutor()));
        Receive<PoolProtocol.TerminateExecutor>(terminate => Tell(terminate.Executor, new NodeProtocol.TerminateExecutor()));
        Receive<PoolProtocol.OutputTaken>(taken => Tell(taken.Executor, new NodeProtocol.OutputTaken(taken.IsError)));
        Receive<Terminated>(_ => Decide(_state.Terminate));
        Receive<DisassociatedEvent>(TerminateIfClient);
    }

    /// <summary>A broken connection ends the pool on both sides, at once: death watch would take seconds to say the same of a client that was killed.</summary>
    private void TerminateIfClient(DisassociatedEvent broken)
    {
        if (broken.RemoteAddress.Equals(_client.Path.Address))
            Decide(_state.Terminate);
    }

    private void ReceiveFromExecutors()
    {
        Receive<NodeProtocol.Done>(done => Decide(() => _state.JobsDone(done.Executor, done.Outcomes, done.BusyMicroseconds, Now)));
        Receive<NodeProtocol.ExecutorStarting>(starting =>
        {
            _executors[starting.Executor] = Sender;
            Decide(() => _state.ExecutorStarting(starting.Executor, starting.Node));
        });
        Receive<NodeProtocol.ExecutorReady>(ready =>
        {
            _executors[ready.Executor] = Sender;
            _client.Tell(new PoolProtocol.ExecutorStarted(ready.Executor, ready.NodeName, ready.ProcessId));
            Decide(() => _state.ExecutorReady(ready.Executor, ready.Node, Now, ready.NodeName, ready.ProcessId));
        });
        Receive<NodeProtocol.HandedBack>(back => Decide(() => _state.JobsHandedBack(back.Executor, back.Jobs, Now)));
        Receive<NodeProtocol.Retiring>(retiring => Decide(() => _state.ExecutorRetiring(retiring.Executor)));
        Receive<NodeProtocol.Output>(output => _client.Tell(new PoolProtocol.Output(output.Executor, output.IsError, output.Text)));
        Receive<NodeProtocol.ExecutorExited>(ExecutorExited);
    }

    private void ReceiveFromNodes()
    {
        Receive<NodesProtocol.NodeLost>(lost => Decide(() => _state.NodeLost(lost.Node, Now)));
    }

    private void ExecutorExited(NodeProtocol.ExecutorExited exited)
    {
        if (exited.ProcessId != 0)
            _client.Tell(new PoolProtocol.ExecutorEnded(exited.Executor, exited.NodeName, exited.ProcessId, exited.Exit));
        Decide(() => _state.ExecutorExited(exited.Executor, exited.Exit, exited.LastBegun, exited.LastEnded, exited.Failure, Now));
        _executors.Remove(exited.Executor);
    }

    private void Decide(Action command)
    {
        command();
        foreach (var effect in _state.TakeEffects())
            CarryOut(effect);
        if (_state.WantsTick && !Timers.IsTimerActive(nameof(SoonInterval)))
            Timers.StartSingleTimer(nameof(SoonInterval), Tick.Instance, SoonInterval);
    }

    private void CarryOut(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.Run run: SendRun(run); break;
            case PoolEffect.End end: SendEnded(end.Outcomes); break;
            case PoolEffect.Recall recall: Tell(recall.Executor, new NodeProtocol.Recall()); break;
            case PoolEffect.CancelRunning cancel: Tell(cancel.Executor, new NodeProtocol.CancelRunning(cancel.Job)); break;
            case PoolEffect.Retire retire: Tell(retire.Executor, new NodeProtocol.Retire()); break;
            case PoolEffect.Fail fail: _client.Tell(new PoolProtocol.Failed(fail.Reason)); break;
            case PoolEffect.Release release: Release(release); break;
            case PoolEffect.Finish finish: Finish(finish.JobsDropped); break;
        }
    }

    private void SendRun(PoolEffect.Run run)
    {
        if (!_executors.TryGetValue(run.Executor, out var executor))
            return;
        foreach (var jobs in Batches(executor, run.Jobs, WireLimits.SizeOf))
            executor.Tell(new NodeProtocol.Run(jobs));
    }

    private void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var batch in Batches(_client, outcomes, WireLimits.SizeOf))
            _client.Tell(new PoolProtocol.Ended(batch));
    }

    private static IEnumerable<ImmutableArray<T>> Batches<T>(IActorRef to, ImmutableArray<T> items, Func<T, int> sizeOf) =>
        to.Path.Address.HasLocalScope ? [items] : WireLimits.Split(items, sizeOf);

    private void Release(PoolEffect.Release release)
    {
        foreach (var executor in release.Kill)
            Tell(executor, new NodeProtocol.KillExecutor());
        _nodes.Tell(new NodesProtocol.PoolGone(_open.Pool));
    }

    private void Finish(long dropped)
    {
        _client.Tell(new PoolProtocol.Finished(dropped));
        Context.Stop(Self);
    }

    private void Tell(ExecutorId executor, object message)
    {
        if (_executors.TryGetValue(executor, out var actor))
            actor.Tell(message);
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
