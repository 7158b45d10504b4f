using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>Asks the gateways of the other coordinators for their actors, and informs subscribers of the known ones.</summary>
internal sealed class PeersActor : HandlerActor, IWithTimers
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<Address, PeersProtocol.PeerCoordinator?> _peers = [];
    private readonly HashSet<IActorRef> _subscribers = [];
    private bool _isMember;

    public PeersActor()
    {
        Receive<ClusterEvent.MemberUp>(up => AddMember(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => RemovePeer(removed.Member.Address));
        Receive<GreetingDue>(_ => GreetUnknownPeers());
        Receive<CoordinatorProtocol.HandshakeReply>(OnWelcome);
        Receive<PeersProtocol.GetPeers>(_ => Sender.Tell(CurrentPeers));
        Receive<PeersProtocol.SubscribePeers>(_ =>
        {
            _subscribers.Add(Sender);
            Sender.Tell(CurrentPeers);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private PeersProtocol.PeersReply CurrentPeers => new(
        [.. _peers.Values.OfType<PeersProtocol.PeerCoordinator>()], IsComplete: _isMember && !_peers.ContainsValue(null));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp),
            typeof(ClusterEvent.MemberRemoved));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void AddMember(Member member)
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
        GreetUnknownPeers();
    }

    /// <summary>
    /// Repeats the greeting until all coordinators have answered. A coordinator may become a member before its gateway has started.
    /// </summary>
    private void GreetUnknownPeers()
    {
        var unknown = _peers.Where(peer => peer.Value is null).Select(peer => peer.Key).ToList();
        foreach (var address in unknown)
            Context.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version));
        if (unknown.Count > 0)
            Timers.StartSingleTimer(nameof(GreetingDue), GreetingDue.Instance, RetryInterval);
    }

    private void OnWelcome(CoordinatorProtocol.HandshakeReply welcome)
    {
        var address = Sender.Path.Address;
        if (!_peers.ContainsKey(address))
            return;
        try
        {
            OtherVersionException.ThrowIfNotUnderstood(HostPort.FromAddress(address), welcome);
            _peers[address] = new PeersProtocol.PeerCoordinator(welcome.Number, Sender);
            TellSubscribers();
        }
        catch (OtherVersionException)
        {
            RemovePeer(address);
        }
    }

    private void RemovePeer(Address address)
    {
        if (_peers.Remove(address))
            TellSubscribers();
    }

    private void TellSubscribers()
    {
        foreach (var subscriber in _subscribers)
            subscriber.Tell(CurrentPeers);
    }

    private sealed record GreetingDue
    {
        public static readonly GreetingDue Instance = new();
    }
}
