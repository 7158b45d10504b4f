using System.Security.Authentication;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;

namespace Actors.WorkerNode.Joining;

/// <summary>
/// Takes the node into a session with the coordinator: finds it, joins its cluster, says what the node offers, and proves with
/// heartbeats that it is there. When the coordinator is silent for <see cref="Lease"/>, breaks the connection or gives this node up, the
/// session is over and every executor is killed: the coordinator may run their jobs elsewhere by then.
/// </summary>
internal sealed class JoiningActor : ReceiveActor, IWithTimers
{
    /// <summary>Shorter than the coordinator's patience with a node: what ran here has ended before it runs again.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly HostPort _at;
    private readonly Handshake _handshake;
    private readonly string _name;
    private readonly int _slots;
    private readonly IActorRef _node;
    private readonly IActorRef _owner;
    private readonly NodeId _id = NodeId.New();
    private IActorRef _coordinator = ActorRefs.Nobody;
    private string _home = "";
    private TimeSpan _lastHeard;
    private bool _isDraining;

    /// <param name="at">Where the coordinator listens.</param>
    /// <param name="key">Its key; null for none.</param>
    /// <param name="name">The node's name, for people.</param>
    /// <param name="slots">How many executors it offers.</param>
    /// <param name="node">The node's actor, which does the work.</param>
    /// <param name="owner">Hears <see cref="SessionJoined"/> and <see cref="SessionOver"/>.</param>
    public JoiningActor(HostPort at, AccessKey? key, string name, int slots, IActorRef node, IActorRef owner)
    {
        (_at, _name, _slots, _node, _owner) = (at, name, slots, node, owner);
        _handshake = new Handshake(at, key);
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

    private void Searching()
    {
        Receive<Beat>(_ => Context.ActorSelection(Endpoints.CoordinatorPath(_at)).Tell(_handshake.Hello));
        Receive<CoordinatorProtocol.Challenge>(challenge => OrRefuse(() => Sender.Tell(_handshake.Answer(challenge))));
        Receive<CoordinatorProtocol.Refused>(refused => Refuse(_handshake.Refused(refused.Reason).Message));
        Receive<CoordinatorProtocol.Welcome>(welcome => OrRefuse(() => Found(welcome)));
        Receive<DisassociatedEvent>(_ => { });
        Receive<Drain>(_ => End(wasDrained: true));
    }

    private void Found(CoordinatorProtocol.Welcome welcome)
    {
        if (welcome.Version != CoordinatorProtocol.Version)
        {
            Refuse($"The coordinator at {_at} is of another version: it speaks {welcome.Version}, this node {CoordinatorProtocol.Version}.");
            return;
        }

        _handshake.Check(welcome);
        _coordinator = Sender;
        _home = welcome.Home;
        _lastHeard = Now;
        Cluster.Get(Context.System).Join(Sender.Path.Address);
        Become(Joining);
    }

    private void OrRefuse(Action step)
    {
        try
        {
            step();
        }
        catch (AuthenticationException exception)
        {
            Refuse(exception.Message);
        }
    }

    private void Refuse(string reason) => _owner.Tell(new SessionOver(false, reason));

    private void Joining()
    {
        Receive<Beat>(_ => AskToJoin());
        Receive<NodeProtocol.Joined>(_ => Join());
        Receive<CoordinatorProtocol.Welcome>(_ => { });
        Receive<CoordinatorProtocol.Challenge>(_ => { });
        Receive<DisassociatedEvent>(_ => { });
        Receive<Drain>(_ => End(wasDrained: true));
    }

    /// <summary>Only a member of the cluster asks: the session begins on a connection that is there to stay.</summary>
    private void AskToJoin()
    {
        if (Cluster.Get(Context.System).SelfMember.Status == MemberStatus.Up)
            _coordinator.Tell(new NodeProtocol.Join(_id, _name, _slots));
        else if (Now - _lastHeard > Lease * 5)
            End(wasDrained: false);
    }

    private void Join()
    {
        _lastHeard = Now;
        _node.Tell(new WorkerNodeActor.SessionStarted(_id, [_home], _coordinator));
        _owner.Tell(SessionJoined.Instance);
        Become(InSession);
    }

    private void InSession()
    {
        Receive<Beat>(_ => HoldSession());
        Receive<NodeProtocol.Heartbeat>(_ => _lastHeard = Now);
        Receive<NodeProtocol.Joined>(_ => { });
        Receive<CoordinatorProtocol.Welcome>(_ => { });
        Receive<CoordinatorProtocol.Challenge>(_ => { });
        Receive<NodeProtocol.Provide>(_node.Forward);
        Receive<NodeProtocol.Unknown>(_ => End(wasDrained: false));
        Receive<DisassociatedEvent>(broken => EndIfCoordinator(broken.RemoteAddress));
        Receive<Drain>(_ => StartDraining());
        Receive<WorkerNodeActor.Drained>(_ => Leave());
    }

    private void HoldSession()
    {
        if (Now - _lastHeard > Lease)
            End(wasDrained: false);
        else
            _coordinator.Tell(new NodeProtocol.Heartbeat(_id));
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
        _node.Tell(WorkerNodeActor.SessionLost.Instance);
        _owner.Tell(new SessionOver(wasDrained || _isDraining, null));
        Context.Stop(Self);
    }

    /// <summary>Finish what runs, hand the rest back, leave.</summary>
    public sealed record Drain
    {
        public static readonly Drain Instance = new();
    }

    /// <summary>To the owner: the node is in.</summary>
    public sealed record SessionJoined
    {
        public static readonly SessionJoined Instance = new();
    }

    /// <summary>To the owner, the last word: the session is over.</summary>
    /// <param name="WasDrained">As it was asked to.</param>
    /// <param name="Refusal">Why joining again is of no use; null when it is.</param>
    public sealed record SessionOver(bool WasDrained, string? Refusal);

    private sealed record Beat
    {
        public static readonly Beat Instance = new();
    }
}
