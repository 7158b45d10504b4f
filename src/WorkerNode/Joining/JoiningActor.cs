using System.Security.Authentication;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Cluster;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Takes the node into the cluster, through the first coordinator that answers, and keeps a session with each coordinator that is a member. The node is in
/// as long as it has one; with the last it is out, and begins anew.
/// </summary>
internal sealed class JoiningActor : PeerActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<HostPort> _contacts;
    private readonly NodeOffer _offer;
    private readonly IActorRef _owner;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _slots;
    private readonly Dictionary<Address, IActorRef> _sessions = [];
    private readonly HashSet<Address> _joined = [];
    private readonly Dictionary<Address, Handshake> _knocking = [];
    private bool _isDraining;

    /// <param name="contacts">Where coordinators listen: one is enough to find them all.</param>
    /// <param name="offer">What the node offers.</param>
    /// <param name="owner">Hears <see cref="Joined"/> and <see cref="Over"/>.</param>
    public JoiningActor(IReadOnlyList<HostPort> contacts, NodeOffer offer, IActorRef owner)
    {
        (_contacts, _offer, _owner) = (contacts, offer, owner);
        _slots = Context.ActorOf(Props.Create(() => new SlotsActor(offer.Traits, new ScalingState(offer.Slots, offer.IdleAfter, offer.BusyMachine), MachineLoad.Here())), "slots");
        Searching();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Knock), Knock.Instance, TimeSpan.Zero, Interval);

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => message is CoordinatorProtocol.IFromDoor && _knocking.Keys.Any(Sender.IsAt);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Nothing is said of the node before a coordinator has shown that it has the key.</summary>
    private void Searching()
    {
        Receive<Knock>(_ => KnockEverywhere());
        Receive<CoordinatorProtocol.IFromDoor>(Hear);
        Receive<Drain>(_ => End(wasDrained: true, null));
    }

    private void KnockEverywhere()
    {
        foreach (var contact in _contacts)
        {
            var address = Endpoints.SystemAddress(Context.System, contact);
            if (!_knocking.TryGetValue(address, out var handshake))
                _knocking[address] = handshake = new Handshake(contact, _offer.Key, CoordinatorProtocol.PeerRole.Node);
            Context.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(handshake.Hello);
        }
    }

    private void Hear(CoordinatorProtocol.IFromDoor word)
    {
        if (!_knocking.TryGetValue(Sender.Path.Address, out var handshake))
            return;
        try
        {
            if (handshake.Reply(word) is { } answer)
                Sender.Tell(answer);
            else
                JoinCluster();
        }
        catch (Exception exception) when (exception is AuthenticationException or OtherVersionException)
        {
            End(wasDrained: false, exception.Message);
        }
    }

    private void JoinCluster()
    {
        _cluster.Join(Sender.Path.Address);
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
        Timers.StartSingleTimer(nameof(NotIn), NotIn.Instance, Interval * 30);
        Become(Member);
    }

    private void Member()
    {
        Receive<Knock>(_ => StartMissing());
        Receive<ClusterEvent.MemberUp>(_ => StartMissing());
        Receive<ClusterEvent.MemberRemoved>(_ => { });
        Receive<CoordinatorProtocol.IFromDoor>(_ => { });
        Receive<NotIn>(_ => EndIfOut());
        Receive<SessionActor.SessionJoined>(session => Join(session.Coordinator));
        Receive<SessionActor.SessionOver>(Leave);
        Receive<Drain>(_ => StartDraining());
    }

    /// <summary>Only a member asks to be taken into a session: it begins on a connection that is there to stay.</summary>
    private void StartMissing()
    {
        if (_isDraining || _cluster.SelfMember.Status != MemberStatus.Up)
            return;
        foreach (var member in _cluster.State.Members)
        {
            if (!member.HasRole(Endpoints.CoordinatorRole) || member.Status != MemberStatus.Up || _sessions.ContainsKey(member.Address)
                || _cluster.State.Unreachable.Contains(member))
                continue;
            var (address, offer, slots) = (member.Address, _offer, _slots);
            _sessions[address] = Context.ActorOf(Props.Create(() => new SessionActor(address, offer, slots)), RandomName.Of("session"));
        }
    }

    private void Join(Address coordinator)
    {
        Timers.Cancel(nameof(NotIn));
        if (_joined.Add(coordinator) && _joined.Count == 1)
            _owner.Tell(new Joined(coordinator));
    }

    private void Leave(SessionActor.SessionOver over)
    {
        _sessions.Remove(over.Coordinator);
        var wasIn = _joined.Remove(over.Coordinator);
        if (over.Refusal is not null)
            End(wasDrained: false, over.Refusal);
        else if (_isDraining ? _sessions.Count == 0 : wasIn && _joined.Count == 0)
            End(_isDraining, null);
    }

    private void EndIfOut()
    {
        if (_joined.Count == 0)
            End(_isDraining, null);
    }

    private void StartDraining()
    {
        if (_isDraining)
            return;
        _isDraining = true;
        foreach (var session in _sessions.Values)
            session.Tell(SessionActor.Drain.Instance);
        if (_sessions.Count == 0)
            End(wasDrained: true, null);
    }

    private void End(bool wasDrained, string? refusal)
    {
        _owner.Tell(new Over(wasDrained, refusal));
        Context.Stop(Self);
    }

    /// <summary>Finish what runs, hand the rest back, leave.</summary>
    public sealed record Drain
    {
        public static readonly Drain Instance = new();
    }

    /// <summary>To the owner: the node is in.</summary>
    public sealed record Joined(Address Coordinator);

    /// <summary>To the owner, the last word: the node is out.</summary>
    /// <param name="WasDrained">As it was asked to.</param>
    /// <param name="Refusal">Why joining again is of no use; null when it is.</param>
    public sealed record Over(bool WasDrained, string? Refusal);

    private sealed record Knock
    {
        public static readonly Knock Instance = new();
    }

    private sealed record NotIn
    {
        public static readonly NotIn Instance = new();
    }
}
