using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>Asks the gateways of the other coordinators of the cluster for their actors, and tells subscribers which are known.</summary>
internal sealed class PeersActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<Address, PeersProtocol.Peer?> _peers = [];
    private readonly HashSet<IActorRef> _subscribers = [];
    private bool _isMember;

    /// <summary>Made by the actor system.</summary>
    public PeersActor()
    {
        Receive<ClusterEvent.MemberUp>(up => Add(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => Remove(removed.Member.Address));
        Receive<AskUnknown>(_ => AskUnknownPeers());
        Receive<CoordinatorProtocol.HandshakeReply>(OnWelcome);
        Receive<PeersProtocol.Ask>(_ => Sender.Tell(Now));
        Receive<PeersProtocol.Subscribe>(_ =>
        {
            _subscribers.Add(Sender);
            Sender.Tell(Now);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private PeersProtocol.Peers Now => new(
        [.. _peers.Values.OfType<PeersProtocol.Peer>()], IsComplete: _isMember && !_peers.ContainsValue(null));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Add(Member member)
    {
        if (member.Address.Equals(_cluster.SelfAddress))
        {
            _isMember = true;
            TellSubscribers();
        }

        if (!member.HasRole(Endpoints.CoordinatorRole) || member.Address.Equals(_cluster.SelfAddress))
            return;
        _peers[member.Address] = null;
        TellSubscribers();
        AskUnknownPeers();
    }

    /// <summary>Repeated until all have answered: a coordinator may become a member before its gateway is there.</summary>
    private void AskUnknownPeers()
    {
        var unknown = _peers.Where(peer => peer.Value is null).Select(peer => peer.Key).ToList();
        foreach (var address in unknown)
            Context.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version));
        if (unknown.Count > 0)
            Timers.StartSingleTimer(nameof(AskUnknown), AskUnknown.Instance, Retry);
    }

    private void OnWelcome(CoordinatorProtocol.HandshakeReply welcome)
    {
        var address = Sender.Path.Address;
        if (!_peers.ContainsKey(address))
            return;
        try
        {
            OtherVersionException.ThrowIfNotUnderstood(HostPort.FromAddress(address), welcome);
            _peers[address] = new PeersProtocol.Peer(welcome.Number, Sender);
            TellSubscribers();
        }
        catch (OtherVersionException)
        {
            Remove(address);
        }
    }

    private void Remove(Address address)
    {
        if (_peers.Remove(address))
            TellSubscribers();
    }

    private void TellSubscribers()
    {
        foreach (var subscriber in _subscribers)
            subscriber.Tell(Now);
    }

    private sealed record AskUnknown
    {
        public static readonly AskUnknown Instance = new();
    }
}
