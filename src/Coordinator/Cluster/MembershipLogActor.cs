using Actors.Remoting;
using Actors.Remoting.Dispatch;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>Publishes changes of the membership as <see cref="LogEvent"/>. They explain why a pool moved or did not.</summary>
internal sealed class MembershipLogActor : HandlerActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public MembershipLogActor()
    {
        Receive<ClusterEvent.MemberUp>(up => LogMember(up.Member, "has joined"));
        Receive<ClusterEvent.UnreachableMember>(unreachable => LogMember(unreachable.Member, "is unreachable"));
        Receive<ClusterEvent.ReachableMember>(reachable => LogMember(reachable.Member, "is reachable again"));
        // A coordinator that shuts down removes all others from its state. These removals are not logged.
        Receive<ClusterEvent.ClusterShuttingDown>(_ => Context.Stop(Self));
        Receive<ClusterEvent.MemberRemoved>(
            removed => LogMember(removed.Member, removed.PreviousStatus == MemberStatus.Down ? "was removed" : "has left"));
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

    private void LogMember(Member member, string text)
    {
        if (member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
            return;
        Context.System.EventStream.Publish(new LogEvent(LogSubject.Coordinator, $"{HostPort.FromAddress(member.Address)}", text));
    }
}
