using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Downs this coordinator when another one has quarantined it. A quarantined actor system is never accepted again, so only a restart helps.
/// Until then, this coordinator would continue jobs that moved elsewhere long ago. The usual cause is a pause during which the others
/// removed it. The split-brain resolver would notice only seconds later. A quarantine by a client or node is ignored, because these
/// reconnect. Needed until the resolver handles the event itself: https://github.com/akkadotnet/akka.net/issues/8482 (open).
/// </summary>
internal sealed class QuarantineActor : HandlerActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public QuarantineActor() =>
        Receive<ThisActorSystemQuarantinedEvent>(refused => IsMember(refused.RemoteAddress), _ => _cluster.Down(_cluster.SelfAddress));

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private bool IsMember(Address address) => _cluster.State.Members.Any(member => member.Address.Equals(address));
}
