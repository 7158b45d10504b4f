using System.Collections.Immutable;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Remote;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Keeps a session with each coordinator of a cluster. The node is no member of that cluster: it contacts the coordinators that it was given, and once one of
/// them has let it in, those that the coordinators of its sessions name. The node is in as long as it has one session; with the last it is out, and begins anew.
/// </summary>
internal sealed class JoiningActor : PeerActor, IWithTimers
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

    /// <param name="contacts">Where coordinators listen: one is enough to find them all.</param>
    /// <param name="offer">What the node offers.</param>
    /// <param name="owner">Hears <see cref="NodeJoined"/> and <see cref="NodeSessionEnded"/>.</param>
    public JoiningActor(IReadOnlyList<HostPort> contacts, NodeOffer offer, IActorRef owner)
    {
        (_offer, _owner) = (offer, owner);
        _contacts = [.. contacts.Select(contact => Endpoints.SystemAddress(Context.System, contact))];
        _slots = Context.ActorOf(Props.Create(() => new SlotsActor(offer.Traits, new ScalingState(offer.Slots, offer.IdleAfter, offer.BusyMachine), MachineLoad.ForThisMachine())), "slots");
        Receive<CheckSessions>(_ => UpdateSessions());
        Receive<SessionActor.SessionJoined>(session => OnSessionJoined(session.Coordinator));
        Receive<SessionActor.CoordinatorsKnown>(OnCoordinatorsKnown);
        Receive<SessionActor.SessionEnded>(OnSessionEnded);
        Receive<ThisActorSystemQuarantinedEvent>(refused => EndIfCoordinator(refused.RemoteAddress));
        Receive<LinkRefused>(EndIfNothingIsJoined);
        Receive<StartDrain>(_ => StartDraining());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(LinkRefused));
        Timers.StartPeriodicTimer(nameof(CheckSessions), CheckSessions.Instance, TimeSpan.Zero, Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>The sessions talk to the coordinators.</summary>
    protected override bool IsAllowed(IWireMessage message) => false;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>With the coordinators that the node was given, until one of them names others; then with those.</summary>
    private void UpdateSessions()
    {
        if (_isDraining)
            return;
        var named = _joined.Values.SelectMany(others => others).ToImmutableHashSet();
        var wanted = (named.IsEmpty ? _contacts : named).Union(_joined.Keys);
        // What was named and is not any more was removed from the cluster, and may not know it: it must not use the node.
        foreach (var address in _named.Except(wanted))
        {
            if (_sessions.Remove(address, out var session))
                Context.Stop(session);
        }

        _named = named;

        foreach (var address in wanted.Where(address => !_sessions.ContainsKey(address)))
        {
            var (offer, slots) = (_offer, _slots);
            _sessions[address] = Context.ActorOf(Props.Create(() => new SessionActor(address, offer, slots)), RandomName.NewName("session"));
        }
    }

    private void OnSessionJoined(Address coordinator)
    {
        // It may have been stopped meanwhile.
        if (!Sender.Equals(_sessions.GetValueOrDefault(coordinator)) || !_joined.TryAdd(coordinator, []))
            return;
        if (_joined.Count == 1)
            _owner.Tell(new NodeJoined(coordinator));
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

    /// <summary>A coordinator takes nothing more from this actor system, however long it lives: another one helps.</summary>
    private void EndIfCoordinator(Address address)
    {
        if (_sessions.ContainsKey(address))
            EndNodeSession(_isDraining, null);
    }

    /// <summary>To try again would not help: the key or the certificate is wrong.</summary>
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

    /// <summary>Finish what runs, hand the rest back, leave.</summary>
    public sealed record StartDrain
    {
        public static readonly StartDrain Instance = new();
    }

    /// <summary>To the owner: the node is in.</summary>
    public sealed record NodeJoined(Address Coordinator);

    /// <summary>To the owner, the last word: the node is out.</summary>
    /// <param name="WasDrained">As it was asked to.</param>
    /// <param name="Refusal">Why joining again is of no use; null when it is.</param>
    public sealed record NodeSessionEnded(bool WasDrained, string? Refusal);

    private sealed record CheckSessions
    {
        public static readonly CheckSessions Instance = new();
    }
}
