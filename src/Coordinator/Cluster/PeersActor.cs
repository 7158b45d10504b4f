using System.Security.Authentication;
using Actors.Coordinator.Bundles;
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

    /// <param name="key">The key of all coordinators; null for none.</param>
    public PeersActor(AccessKey? key)
    {
        _key = key;
        Receive<ClusterEvent.MemberUp>(up => Find(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => _peers.Remove(removed.Member.Address));
        Receive<Knock>(_ => KnockWhereNobodyOpened());
        Receive<CoordinatorProtocol.IFromDoor>(Hear);
        Receive<PeersProtocol.Ask>(_ => Sender.Tell(new PeersProtocol.Peers([.. _peers.Values.Select(peer => peer.Coordinator).OfType<IActorRef>()])));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
        Timers.StartPeriodicTimer(nameof(Knock), Knock.Instance, Retry);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Find(Member member)
    {
        if (!member.HasRole(Endpoints.CoordinatorRole) || member.Address.Equals(_cluster.SelfAddress))
            return;
        var at = new HostPort(member.Address.Host, member.Address.Port ?? 0);
        _peers[member.Address] = new Peer(new Handshake(at, _key));
        KnockWhereNobodyOpened();
    }

    private void KnockWhereNobodyOpened()
    {
        foreach (var (address, peer) in _peers)
        {
            if (peer.Coordinator is null)
                Context.ActorSelection(Endpoints.CoordinatorPath(address)).Tell(peer.Handshake.Hello);
        }
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
                peer.Coordinator = Sender;
        }
        catch (Exception exception) when (exception is AuthenticationException or OtherVersionException)
        {
            // It is none of us, whatever it says.
            _peers.Remove(Sender.Path.Address);
        }
    }

    private sealed class Peer(Handshake handshake)
    {
        public Handshake Handshake => handshake;

        public IActorRef? Coordinator { get; set; }
    }

    private sealed record Knock
    {
        public static readonly Knock Instance = new();
    }
}
