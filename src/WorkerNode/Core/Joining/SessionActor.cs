using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Chaos;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Actors.WorkerNode.Chaos;
using Akka.Actor;
using Akka.Remote;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// The session of the node with one coordinator: connects, sends the offer of the node, and sends heartbeats. When the coordinator is
/// silent for <see cref="Lease"/>, disconnects or removes the node, the session ends and all its executors are killed, because the
/// coordinator may run their jobs on other nodes.
/// </summary>
public sealed class SessionActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan Lease = ProtocolTimes.CoordinatorLease;
    private static readonly TimeSpan Interval = ProtocolTimes.NodeHeartbeat;

    /// <summary>The time limit of joining.</summary>
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The limit of named coordinators, because each of them is contacted.</summary>
    private const int MaxCoordinators = 64;

    private readonly Address _address;
    private readonly NodeOffer _offer;
    private readonly IActorRef _node;
    private readonly IActorRef _slots;
    private readonly NodeId _id = NodeId.New();
    private readonly MessageSequence<(NodeProtocol.ProvideExecutors Message, IActorRef Pool)> _provided = new();
    private readonly TimeSpan _began = Now;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private string _owner = "";
    private ImmutableArray<Address> _others = [];
    private TimeSpan _lastMessage;
    private bool _isDraining;

    /// <param name="address">The address of the coordinator.</param>
    /// <param name="offer">The offer of the node.</param>
    /// <param name="slots">The actor that divides the slots of the node among the pools of all coordinators.</param>
    public SessionActor(Address address, NodeOffer offer, IActorRef slots)
    {
        (_address, _offer, _slots) = (address, offer, slots);
        var node = ActorProps.Create(() => new WorkerNodeActor(offer.Name, offer.Code, offer.Payloads, offer.Endpoint));
        _node = Context.ActorOf(node, RandomName.NewName(Endpoints.NodeName));
        ReceiveWhileSearching();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private ActorSelection Gateway => Context.ActorSelection(Endpoints.CoordinatorPath(_address));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(nameof(HeartbeatDue), HeartbeatDue.Instance, TimeSpan.Zero, Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Pools are actors of the same coordinator.</summary>
    protected override bool IsAllowed(IWireMessage message) => Sender.IsAt(_address);

    private void ReceiveWhileSearching()
    {
        Receive<HeartbeatDue>(_ => SendHello());
        Receive<CoordinatorProtocol.HandshakeReply>(OnHandshakeReply);
        Receive<DisassociatedEvent>(_ => { });
        Receive<DrainSession>(_ => EndSession(wasDrained: true));
    }

    private void SendHello()
    {
        if (Now - _began > JoinTimeout)
            EndSession(wasDrained: false);
        else
            Gateway.Tell(new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version));
    }

    private void OnHandshakeReply(CoordinatorProtocol.HandshakeReply reply)
    {
        try
        {
            OtherVersionException.ThrowIfNotUnderstood(HostPort.FromAddress(_address), reply);
            LinkIdentity.GetIdentity(Context.System).Coordinators.AddTold(reply.Coordinators);
            OnCoordinatorFound(reply.Owner);
        }
        catch (OtherVersionException exception)
        {
            EndRefused(exception.Message);
        }
    }

    private void OnCoordinatorFound(string owner)
    {
        _coordinator = Sender;
        _owner = owner;
        _lastMessage = Now;
        Become(ReceiveWhileJoining);
    }

    private void EndRefused(string reason)
    {
        Context.Parent.Tell(new SessionEnded(_address, false, reason));
        Context.Stop(Self);
    }

    private void ReceiveWhileJoining()
    {
        Receive<HeartbeatDue>(_ => SendJoin());
        Receive<NodeProtocol.JoinAccepted>(_ => OnJoined());
        Receive<NodeProtocol.NodeUnknown>(_ => EndSession(wasDrained: false));
        Receive<CoordinatorProtocol.HandshakeReply>(_ => { });
        Receive<DisassociatedEvent>(_ => { });
        Receive<DrainSession>(_ => EndSession(wasDrained: true));
    }

    private void SendJoin()
    {
        if (Now - _began > JoinTimeout)
            EndSession(wasDrained: false);
        else
            _coordinator.Tell(new NodeProtocol.Join(_id, _offer.Name, _offer.Slots.Max, _offer.Traits));
    }

    private void OnJoined()
    {
        _lastMessage = Now;
        _node.Tell(new WorkerNodeActor.SessionStarted(_id, [_owner, DurableOwners.Cluster], _coordinator, _offer.Meter));
        Context.Parent.Tell(new SessionJoined(_address));
        Become(ReceiveInSession);
        // Send a heartbeat at once, because the answer names the other coordinators.
        SendHeartbeat();
    }

    private void ReceiveInSession()
    {
        Receive<HeartbeatDue>(_ => SendHeartbeat());
        Receive<NodeProtocol.Heartbeat>(RenewLease);
        Receive<NodeProtocol.JoinAccepted>(_ => { });
        Receive<CoordinatorProtocol.HandshakeReply>(_ => { });
        Receive<NodeProtocol.ProvideExecutors>(OnProvide);
        Receive<NodeProtocol.NodeUnknown>(_ => EndSession(wasDrained: false));
        Receive<NodeProtocol.StartDraining>(_ => Context.Parent.Tell(JoiningActor.StartDrain.Instance));
        Receive<ChaosProtocol.InjectFault>(inject => _offer.Faults.Tell(new NodeFaultsActor.FaultRequested(inject, Sender, Self)));
        Receive<DisassociatedEvent>(broken => EndIfCoordinator(broken.RemoteAddress));
        Receive<DrainSession>(_ => StartDraining());
        Receive<WorkerNodeActor.Drained>(_ => LeaveCoordinator());
    }

    private void OnProvide(NodeProtocol.ProvideExecutors provide)
    {
        if (!_provided.TryAccept(provide.Number, (provide, Sender)))
            return;
        ForwardGrant(provide, Sender);
        while (_provided.TryAcceptEarly(out var early))
            ForwardGrant(early.Message, early.Pool);
    }

    private void ForwardGrant(NodeProtocol.ProvideExecutors provide, IActorRef pool) =>
        _slots.Tell(new SlotsActor.ExecutorsGranted(provide, pool, _node));

    private void SendHeartbeat()
    {
        if (Now - _lastMessage > Lease)
            EndSession(wasDrained: false);
        else
            _coordinator.Tell(new NodeProtocol.Heartbeat(_id, Provided: _provided.Last));
    }

    private void RenewLease(NodeProtocol.Heartbeat heartbeat)
    {
        _lastMessage = Now;
        _slots.Tell(new SlotsActor.DemandReported(_node, heartbeat.Waiting, heartbeat.Idle));
        var others = AddressesOf(heartbeat.Coordinators);
        if (others.SequenceEqual(_others))
            return;
        _others = others;
        Context.Parent.Tell(new CoordinatorsKnown(_address, others));
    }

    private static ImmutableArray<Address> AddressesOf(ImmutableArray<string> coordinators)
    {
        var addresses = ImmutableArray.CreateBuilder<Address>();
        foreach (var text in coordinators.IsDefault ? [] : coordinators.Take(MaxCoordinators))
        {
            if (HostPort.TryParse(text, out var at))
                addresses.Add(Endpoints.SystemAddress(Context.System, at.Value));
        }

        return addresses.DrainToImmutable();
    }

    private void EndIfCoordinator(Address address)
    {
        if (address.Equals(_coordinator.Path.Address))
            EndSession(wasDrained: false);
    }

    private void StartDraining()
    {
        if (_isDraining)
            return;
        _isDraining = true;
        _coordinator.Tell(new NodeProtocol.NodeDraining(_id));
        _node.Tell(WorkerNodeActor.DrainPools.Instance);
    }

    private void LeaveCoordinator()
    {
        _coordinator.Tell(new NodeProtocol.NodeLeft(_id));
        EndSession(wasDrained: true);
    }

    private void EndSession(bool wasDrained)
    {
        Context.Parent.Tell(new SessionEnded(_address, wasDrained || _isDraining, null));
        Context.Stop(Self);
    }

    /// <summary>Requests that running jobs finish, other jobs are returned, and the session ends.</summary>
    public sealed record DrainSession
    {
        public static readonly DrainSession Instance = new();
    }

    /// <summary>Sent to the parent: the coordinator has accepted the node.</summary>
    public sealed record SessionJoined(Address Coordinator);

    /// <summary>Sent to the parent: the coordinator has named the other coordinators of its cluster.</summary>
    public sealed record CoordinatorsKnown(Address By, ImmutableArray<Address> Others);

    /// <summary>Sent to the parent at the end: the session has ended.</summary>
    /// <param name="Coordinator">The coordinator.</param>
    /// <param name="WasDrained">Whether the node was asked to leave.</param>
    /// <param name="Refusal">The reason why another attempt would fail; null if it may succeed.</param>
    public sealed record SessionEnded(Address Coordinator, bool WasDrained, string? Refusal);

    private sealed record HeartbeatDue
    {
        public static readonly HeartbeatDue Instance = new();
    }
}
