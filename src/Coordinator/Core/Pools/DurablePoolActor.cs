using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Runs a durable pool: feeds <see cref="DurablePoolState"/> and carries out its decisions. The jobs of each build of the program run in a
/// pool of their own (<see cref="BuildActor"/>), a child.
/// </summary>
public sealed class DurablePoolActor : PeerActor, IWithTimers, IDurablePoolHost
{
    /// <summary>The prefix of the persistence ids of pools.</summary>
    public const string JournalPrefix = "pool-";

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    private readonly IActorRef _nodes;
    private readonly TimeProvider _clock;
    private readonly object _unloadedMessage;
    private readonly DurablePoolState _state;

    /// <param name="id">The id of the pool, which its name determines.</param>
    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <param name="clock">The clock that measures the retention of outcomes.</param>
    /// <param name="unloadedMessage">
    /// The message to the parent that the pool may be stopped. Until then the parent forwards messages to it.
    /// </param>
    /// <param name="runsEveryBuild">
    /// Whether the nodes can load the code of every build. Otherwise only the jobs of connected clients run.
    /// </param>
    public DurablePoolActor(
        PoolId id, IActorRef nodes, JournalPlugins plugins, TimeProvider clock, object unloadedMessage, bool runsEveryBuild = true)
    {
        (_nodes, _clock, _unloadedMessage) = (nodes, clock, unloadedMessage);
        var self = Self;
        var writer = Context.ActorOf(ActorProps.Create(() => new JournalActor(JournalPrefix + id, self, plugins)), "journal");
        var journal = new PoolJournal(message => writer.Tell(message, self), clock);
        _state = new DurablePoolState(id, journal, this, runsEveryBuild, DurableUsage.CreateCharge(Context.System));
        Receive<PoolProtocol.FindPool>(AnswerFind);
        Receive<PoolProtocol.OpenPool>(OpenPool);
        Receive<Tick>(_ => _state.OnTick(Context.System.Scheduler.MonotonicClock, clock.GetUtcNow().ToUnixTimeMilliseconds()));
        Receive<OpenTimeElapsed>(_ => _state.OnOpenTimeElapsed());
        Receive<LateTimeElapsed>(_ => _state.OnLateTimeElapsed());
        Receive<Terminated>(terminated => _state.OnLost(new ActorRecipient(terminated.ActorRef)));
        Receive<DisassociatedEvent>(LeaveDisconnected);
        Receive<ActorIdentity>(identity => _state.OnProgressReceived(new ActorRecipient(Sender), identity.MessageId));
        Receive<PoolProtocol.ListJobs>(list => _state.ReceiveMessage(list, new ListRecipient(Context.System, Sender, Self)));
        Receive<object>(message => _state.ReceiveMessage(message, new ActorRecipient(Sender)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    IRecipient IDurablePoolHost.StartBuild(PoolSpec spec)
    {
        // A new id for each start, so that executors of an earlier start are not taken for those of this one.
        var open = new PoolProtocol.OpenPool(PoolId.New(), spec);
        var (self, nodes) = (Self, _nodes);
        var props = ActorProps.Create(() => new BuildActor(open, self, nodes));
        return new ActorRecipient(
            Context.Watch(Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), RandomName.NewName("build"))));
    }

    /// <inheritdoc/>
    void IDurablePoolHost.StopBuild(IRecipient build) => Context.Stop(Context.Unwatch(ActorOf(build)));

    /// <inheritdoc/>
    void IDurablePoolHost.WatchClient(IRecipient client) => Context.Watch(ActorOf(client));

    /// <inheritdoc/>
    void IDurablePoolHost.UnwatchClient(IRecipient client) => Context.Unwatch(ActorOf(client));

    /// <inheritdoc/>
    void IDurablePoolHost.StartOpenTime() =>
        Timers.StartSingleTimer(nameof(OpenTimeElapsed), OpenTimeElapsed.Instance, DurablePoolState.OpenTimeout);

    /// <inheritdoc/>
    void IDurablePoolHost.StartLateTime() =>
        Timers.StartSingleTimer(nameof(LateTimeElapsed), LateTimeElapsed.Instance, DurablePoolState.LateTime);

    /// <inheritdoc/>
    void IDurablePoolHost.UnloadPool() => Context.Parent.Tell(_unloadedMessage);

    /// <inheritdoc/>
    /// <remarks>The shard restarts an entity that ends without notice (<c>entity-restart-backoff</c>).</remarks>
    void IDurablePoolHost.ReloadPool() => Context.Stop(Self);

    /// <inheritdoc/>
    void IDurablePoolHost.PublishEvent(DurablePoolEvent change) => Context.System.EventStream.Publish(change);

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => _state.IsAllowed(message, new ActorRecipient(Sender));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _state.OnStopped();
    }

    private static IActorRef ActorOf(IRecipient recipient) => ((ActorRecipient)recipient).Actor;

    private void AnswerFind(PoolProtocol.FindPool find)
    {
        if (_state.IsUnloaded)
            Context.Parent.Forward(find);
        else
            Sender.Tell(new PoolProtocol.PoolFound(find.Pool, Akka.Serialization.Serialization.SerializedActorPath(Self)));
    }

    private void OpenPool(PoolProtocol.OpenPool open)
    {
        var request = open.Session == default ? open with { Session = SessionId.New() } : open;
        _state.ReceiveMessage(
            new PoolOpening(request, ClientUsages.FindUsage(Context.System, Sender)), new ActorRecipient(Sender));
    }

    /// <summary>Disconnects at once when a connection breaks. Death watch would take seconds to detect a killed client.</summary>
    private void LeaveDisconnected(DisassociatedEvent disconnected)
    {
        foreach (var link in _state.Links
            .Where(link => ActorOf(link.Link.Client).Path.Address.Equals(disconnected.RemoteAddress)).ToList())
            _state.Disconnect(link);
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record OpenTimeElapsed
    {
        public static readonly OpenTimeElapsed Instance = new();
    }

    private sealed record LateTimeElapsed
    {
        public static readonly LateTimeElapsed Instance = new();
    }
}
