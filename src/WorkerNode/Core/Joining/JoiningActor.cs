using System.Collections.Immutable;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Connecting;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Maintains a session with each coordinator of a cluster. The node is not a member of that cluster. It contacts the given coordinators
/// first, and then all coordinators that they name. The node has joined while it has at least one session; after the last one ends, it
/// starts again.
/// </summary>
public sealed class JoiningActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ImmutableHashSet<Address> _contacts;
    private readonly NodeOffer _offer;
    private readonly IActorRef _owner;
    private readonly IActorRef _slots;
    private readonly Dictionary<Address, IActorRef> _sessions = [];
    private readonly Dictionary<Address, ImmutableArray<Address>> _joined = [];
    private ImmutableHashSet<Address> _named = [];
    private bool _isDraining;

    /// <param name="contacts">The addresses of coordinators. One is enough to find all of them.</param>
    /// <param name="offer">The offer of the node.</param>
    /// <param name="owner">Receives <see cref="ClusterJoined"/> and <see cref="NodeSessionEnded"/>.</param>
    public JoiningActor(IReadOnlyList<HostPort> contacts, NodeOffer offer, IActorRef owner)
    {
        (_offer, _owner) = (offer, owner);
        _contacts = [.. contacts.Select(contact => Endpoints.SystemAddress(Context.System, contact))];
        var scaling = new ScalingState(offer.Slots, offer.IdleAfter, offer.BusyMachine);
        _slots = Context.ActorOf(ActorProps.Create(() => new SlotsActor(offer.Traits, scaling, MachineLoad.ForThisMachine())), "slots");
        Context.ActorOf(ActorProps.Create(() => new QuarantineWatchActor()), RandomName.NewName("quarantine"));
        Receive<CheckSessions>(_ => UpdateSessions());
        Receive<SessionActor.SessionJoined>(session => OnSessionJoined(session.Coordinator));
        Receive<SessionActor.CoordinatorsKnown>(OnCoordinatorsKnown);
        Receive<SessionActor.SessionEnded>(OnSessionEnded);
        Receive<QuarantineWatchActor.CoordinatorQuarantined>(quarantined => EndIfCoordinator(quarantined.Address));
        Receive<LinkRefused>(EndIfNothingIsJoined);
        Receive<StartDrain>(_ => StartDraining());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LinkRefused));
        Timers.StartPeriodicTimer(nameof(CheckSessions), CheckSessions.Instance, TimeSpan.Zero, Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>The sessions exchange messages with the coordinators.</summary>
    protected override bool IsAllowed(IWireMessage message) => false;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Starts and stops sessions: with the given coordinators until one of them names others, and then with these.</summary>
    private void UpdateSessions()
    {
        if (_isDraining)
            return;
        var named = _joined.Values.SelectMany(others => others).ToImmutableHashSet();
        var wanted = (named.IsEmpty ? _contacts : named).Union(_joined.Keys);
        // A coordinator that is not named any more was removed from the cluster, and may not know it. It must not use this node.
        foreach (var address in _named.Except(wanted))
        {
            if (_sessions.Remove(address, out var session))
                Context.Stop(session);
        }

        _named = named;

        foreach (var address in wanted.Where(address => !_sessions.ContainsKey(address)))
        {
            var (offer, slots) = (_offer, _slots);
            _sessions[address] = Context.ActorOf(
                ActorProps.Create(() => new SessionActor(address, offer, slots)), RandomName.NewName("session"));
        }
    }

    private void OnSessionJoined(Address coordinator)
    {
        // The session may have been stopped in the meantime.
        if (!Sender.Equals(_sessions.GetValueOrDefault(coordinator)) || !_joined.TryAdd(coordinator, []))
            return;
        if (_joined.Count == 1)
            _owner.Tell(new ClusterJoined(coordinator));
    }

    private void OnCoordinatorsKnown(SessionActor.CoordinatorsKnown known)
    {
        if (!_joined.ContainsKey(known.By))
            return;
        _joined[known.By] = known.Others;
        UpdateSessions();
    }

    private void OnSessionEnded(SessionActor.SessionEnded over)
    {
        if (!Sender.Equals(_sessions.GetValueOrDefault(over.Coordinator)))
            return;
        _sessions.Remove(over.Coordinator);
        var wasIn = _joined.Remove(over.Coordinator);
        if (over.Refusal is not null)
            EndNodeSession(wasDrained: false, over.Refusal);
        else if (_isDraining ? _sessions.Count == 0 : wasIn && _joined.Count == 0)
            EndNodeSession(_isDraining, null);
    }

    /// <summary>Ends the session if only a new actor system can connect to a coordinator.</summary>
    private void EndIfCoordinator(Address address)
    {
        if (_sessions.ContainsKey(address))
            EndNodeSession(_isDraining, null);
    }

    /// <summary>Ends the session if the key or certificate was refused: another attempt would fail as well.</summary>
    private void EndIfNothingIsJoined(LinkRefused refused)
    {
        if (_joined.Count == 0 && _contacts.Any(contact => HostPort.FromAddress(contact) == refused.At))
            EndNodeSession(wasDrained: false, refused.Refusal.ToException(refused.At).Message);
    }

    private void StartDraining()
    {
        if (_isDraining)
            return;
        _isDraining = true;
        foreach (var session in _sessions.Values)
            session.Tell(SessionActor.DrainSession.Instance);
        if (_sessions.Count == 0)
            EndNodeSession(wasDrained: true, null);
    }

    private void EndNodeSession(bool wasDrained, string? refusal)
    {
        _owner.Tell(new NodeSessionEnded(wasDrained, refusal));
        Context.Stop(Self);
    }

    /// <summary>Requests that running jobs finish, other jobs are returned, and the node leaves.</summary>
    public sealed record StartDrain
    {
        public static readonly StartDrain Instance = new();
    }

    /// <summary>Sent to the owner: the node has joined.</summary>
    public sealed record ClusterJoined(Address Coordinator);

    /// <summary>Sent to the owner at the end: the node has left.</summary>
    /// <param name="WasDrained">Whether the node was asked to leave.</param>
    /// <param name="Refusal">The reason why another attempt would fail; null if it may succeed.</param>
    public sealed record NodeSessionEnded(bool WasDrained, string? Refusal);

    private sealed record CheckSessions
    {
        public static readonly CheckSessions Instance = new();
    }
}
