using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// The node's session with one coordinator: connects, says what the node offers, and proves with heartbeats that it is there. When the
/// coordinator is silent for <see cref="Lease"/>, breaks the connection or gives this node up, the session is over and every executor of it is killed:
/// the coordinator may run their jobs elsewhere by then.
/// </summary>
internal sealed class SessionActor : PeerActor, IWithTimers
{
    /// <summary>Shorter than the coordinator's patience with a node: what ran here has ended before it runs again.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a coordinator may take to let the node in.</summary>
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(15);

    /// <summary>More would be a mistake: each is contacted.</summary>
    private const int MostCoordinators = 64;

    private readonly Address _address;
    private readonly NodeOffer _offer;
    private readonly IActorRef _node;
    private readonly IActorRef _slots;
    private readonly NodeId _id = NodeId.New();
    private readonly MessageSequence<(NodeProtocol.Provide Message, IActorRef Pool)> _provided = new();
    private readonly TimeSpan _began = Now;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private string _home = "";
    private ImmutableArray<Address> _others = [];
    private TimeSpan _lastHeard;
    private bool _isDraining;

    /// <param name="address">Where the coordinator listens.</param>
    /// <param name="offer">What the node offers.</param>
    /// <param name="slots">Shares the node's slots among all coordinators' pools.</param>
    public SessionActor(Address address, NodeOffer offer, IActorRef slots)
    {
        (_address, _offer, _slots) = (address, offer, slots);
        _node = Context.ActorOf(Props.Create(() => new WorkerNodeActor(offer.Name, offer.Code, offer.Payloads, offer.Endpoint)), RandomName.Of(Endpoints.NodeName));
        Searching();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, TimeSpan.Zero, Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Pools, too, are at the coordinator of the session.</summary>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsAt(_address);

    private void Searching()
    {
        Receive<Beat>(_ => AskGateway());
        Receive<CoordinatorProtocol.Welcome>(OnWelcome);
        Receive<DisassociatedEvent>(_ => { });
        Receive<Drain>(_ => End(wasDrained: true));
    }

    private void AskGateway()
    {
        if (Now - _began > JoinTimeout)
            End(wasDrained: false);
        else
            Context.ActorSelection(Endpoints.CoordinatorPath(_address)).Tell(new CoordinatorProtocol.Hello(CoordinatorProtocol.Version));
    }

    private void OnWelcome(CoordinatorProtocol.Welcome welcome)
    {
        try
        {
            OtherVersionException.ThrowIfNotUnderstood(HostPort.Of(_address), welcome);
            Found(welcome.Home);
        }
        catch (OtherVersionException exception)
        {
            Refuse(exception.Message);
        }
    }

    private void Found(string home)
    {
        _coordinator = Sender;
        _home = home;
        _lastHeard = Now;
        Become(Joining);
    }

    private void Refuse(string reason)
    {
        Context.Parent.Tell(new SessionOver(_address, false, reason));
        Context.Stop(Self);
    }

    private void Joining()
    {
        Receive<Beat>(_ => AskToJoin());
        Receive<NodeProtocol.Joined>(_ => Join());
        Receive<NodeProtocol.Unknown>(_ => End(wasDrained: false));
        Receive<CoordinatorProtocol.Welcome>(_ => { });
        Receive<DisassociatedEvent>(_ => { });
        Receive<Drain>(_ => End(wasDrained: true));
    }

    private void AskToJoin()
    {
        if (Now - _began > JoinTimeout)
            End(wasDrained: false);
        else
            _coordinator.Tell(new NodeProtocol.Join(_id, _offer.Name, _offer.Slots.Max, _offer.Traits));
    }

    private void Join()
    {
        _lastHeard = Now;
        _node.Tell(new WorkerNodeActor.SessionStarted(_id, [_home, DurableHomes.Cluster], _coordinator));
        Context.Parent.Tell(new SessionJoined(_address));
        Become(InSession);
        // At once: the answer names the other coordinators.
        HoldSession();
    }

    private void InSession()
    {
        Receive<Beat>(_ => HoldSession());
        Receive<NodeProtocol.Heartbeat>(Renew);
        Receive<NodeProtocol.Joined>(_ => { });
        Receive<CoordinatorProtocol.Welcome>(_ => { });
        Receive<NodeProtocol.Provide>(Take);
        Receive<NodeProtocol.Unknown>(_ => End(wasDrained: false));
        Receive<NodeProtocol.PleaseDrain>(_ => Context.Parent.Tell(JoiningActor.Drain.Instance));
        Receive<DisassociatedEvent>(broken => EndIfCoordinator(broken.RemoteAddress));
        Receive<Drain>(_ => StartDraining());
        Receive<WorkerNodeActor.Drained>(_ => Leave());
    }

    private void Take(NodeProtocol.Provide provide)
    {
        if (!_provided.TryTake(provide.Number, (provide, Sender)))
            return;
        Grant(provide, Sender);
        while (_provided.TryTakeEarly(out var early))
            Grant(early.Message, early.Pool);
    }

    private void Grant(NodeProtocol.Provide provide, IActorRef pool) => _slots.Tell(new SlotsActor.Granted(provide, pool, _node));

    private void HoldSession()
    {
        if (Now - _lastHeard > Lease)
            End(wasDrained: false);
        else
            _coordinator.Tell(new NodeProtocol.Heartbeat(_id, Provided: _provided.Last));
    }

    private void Renew(NodeProtocol.Heartbeat heartbeat)
    {
        _lastHeard = Now;
        _slots.Tell(new SlotsActor.Demand(_node, heartbeat.Waiting, heartbeat.Idle));
        var others = AddressesOf(heartbeat.Coordinators);
        if (others.SequenceEqual(_others))
            return;
        _others = others;
        Context.Parent.Tell(new CoordinatorsKnown(_address, others));
    }

    private static ImmutableArray<Address> AddressesOf(ImmutableArray<string> coordinators)
    {
        var addresses = ImmutableArray.CreateBuilder<Address>();
        foreach (var text in coordinators.IsDefault ? [] : coordinators.Take(MostCoordinators))
        {
            if (HostPort.TryParse(text, out var at))
                addresses.Add(Endpoints.SystemAddress(Context.System, at.Value));
        }

        return addresses.DrainToImmutable();
    }

    private void EndIfCoordinator(Address address)
    {
        if (address.Equals(_coordinator.Path.Address))
            End(wasDrained: false);
    }

    private void StartDraining()
    {
        if (_isDraining)
            return;
        _isDraining = true;
        _coordinator.Tell(new NodeProtocol.Draining(_id));
        _node.Tell(WorkerNodeActor.Drain.Instance);
    }

    private void Leave()
    {
        _coordinator.Tell(new NodeProtocol.Left(_id));
        End(wasDrained: true);
    }

    private void End(bool wasDrained)
    {
        Context.Parent.Tell(new SessionOver(_address, wasDrained || _isDraining, null));
        Context.Stop(Self);
    }

    /// <summary>Finish what runs, hand the rest back, leave.</summary>
    public sealed record Drain
    {
        public static readonly Drain Instance = new();
    }

    /// <summary>To the parent: the coordinator has taken the node in.</summary>
    public sealed record SessionJoined(Address Coordinator);

    /// <summary>To the parent: the coordinator names the others of its cluster.</summary>
    public sealed record CoordinatorsKnown(Address By, ImmutableArray<Address> Others);

    /// <summary>To the parent, the last word: the session is over.</summary>
    /// <param name="Coordinator">With whom.</param>
    /// <param name="WasDrained">As it was asked to.</param>
    /// <param name="Refusal">Why joining again is of no use; null when it is.</param>
    public sealed record SessionOver(Address Coordinator, bool WasDrained, string? Refusal);

    private sealed record Beat
    {
        public static readonly Beat Instance = new();
    }
}
