using Actors.Remoting;
using Akka.Actor;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>Publishes as <see cref="News"/> which coordinators come and go, for operators: it explains why a pool moved or did not.</summary>
internal sealed class MembershipNewsActor : ReceiveActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public MembershipNewsActor()
    {
        Receive<ClusterEvent.MemberUp>(up => Tell(up.Member, "has joined"));
        Receive<ClusterEvent.UnreachableMember>(silent => Tell(silent.Member, "is not heard"));
        Receive<ClusterEvent.ReachableMember>(heard => Tell(heard.Member, "is heard again"));
        // Whoever ends forgets all others: that is not news.
        Receive<ClusterEvent.ClusterShuttingDown>(_ => Context.Stop(Self));
        Receive<ClusterEvent.MemberRemoved>(removed => Tell(removed.Member, removed.PreviousStatus == MemberStatus.Down ? "was given up" : "has left"));
    }

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(
        Self,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
        typeof(ClusterEvent.MemberUp),
        typeof(ClusterEvent.ReachabilityEvent),
        typeof(ClusterEvent.MemberRemoved),
        typeof(ClusterEvent.ClusterShuttingDown));

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Tell(Member member, string what)
    {
        if (member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
            return;
        Context.System.EventStream.Publish(new News($"coordinator {HostPort.FromAddress(member.Address)} {what}"));
    }
}
