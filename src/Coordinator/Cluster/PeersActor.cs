using System.Security.Authentication;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>Passes the doors of the other coordinators, as clients and nodes do, and knows who is behind them.</summary>
internal sealed class PeersActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly AccessKey? _key;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<Address, Peer> _peers = [];
    private readonly HashSet<IActorRef> _subscribers = [];
    private bool _isMember;

    /// <param name="key">The key of all coordinators; null for none.</param>
    public PeersActor(AccessKey? key)
    {
        _key = key;
        Receive<ClusterEvent.MemberUp>(up => Find(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => Forget(removed.Member.Address));
        Receive<Knock>(_ => KnockWhereNobodyOpened());
        Receive<CoordinatorProtocol.IFromDoor>(Hear);
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
        [.. _peers.Values.Select(peer => peer.Known).OfType<PeersProtocol.Peer>()], IsComplete: _isMember && _peers.Values.All(peer => peer.Known is not null));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Find(Member member)
    {
        if (member.Address.Equals(_cluster.SelfAddress))
        {
            _isMember = true;
            TellSubscribers();
        }

        if (!member.HasRole(Endpoints.CoordinatorRole) || member.Address.Equals(_cluster.SelfAddress))
            return;
        var at = HostPort.Of(member.Address);
        _peers[member.Address] = new Peer(new Handshake(at, _key));
        TellSubscribers();
        KnockWhereNobodyOpened();
    }

    /// <summary>Again and again, until all have opened.</summary>
    private void KnockWhereNobodyOpened()
    {
        foreach (var (address, peer) in _peers)
        {
            if (peer.Known is null)
                Context.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(peer.Handshake.Hello);
        }

        if (_peers.Values.Any(peer => peer.Known is null))
            Timers.StartSingleTimer(nameof(Knock), Knock.Instance, Retry);
    }

    private void Hear(CoordinatorProtocol.IFromDoor word)
    {
        if (!_peers.TryGetValue(Sender.Path.Address, out var peer))
            return;
        try
        {
            if (peer.Handshake.Reply(word) is { } answer)
                Sender.Tell(answer);
            else
                Welcome(peer, (CoordinatorProtocol.Welcome)word);
        }
        catch (Exception exception) when (exception is AuthenticationException or OtherVersionException)
        {
            // It is none of us, whatever it says.
            Forget(Sender.Path.Address);
        }
    }

    private void Welcome(Peer peer, CoordinatorProtocol.Welcome welcome)
    {
        peer.Known = new PeersProtocol.Peer(welcome.Number, Sender);
        TellSubscribers();
    }

    private void Forget(Address address)
    {
        if (_peers.Remove(address))
            TellSubscribers();
    }

    private void TellSubscribers()
    {
        foreach (var subscriber in _subscribers)
            subscriber.Tell(Now);
    }

    private sealed class Peer(Handshake handshake)
    {
        public Handshake Handshake => handshake;

        public PeersProtocol.Peer? Known { get; set; }
    }

    private sealed record Knock
    {
        public static readonly Knock Instance = new();
    }
}
