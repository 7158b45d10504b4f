using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Gives a coordinator up that another one has quarantined. That one takes nothing from this actor system any more, however long it lives: only another start helps, and until then what is
/// here would work on what went on elsewhere long ago. Mostly that is one that stood still while the others removed it: they say so at once, and the split-brain resolver would find it out
/// seconds later. What a client or a node thinks of this coordinator concerns nobody else: they connect anew.
/// </summary>
internal sealed class QuarantineActor : ReceiveActor
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
