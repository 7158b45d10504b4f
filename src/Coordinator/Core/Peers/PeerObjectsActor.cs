using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>
/// Routes messages about objects of other coordinators to their owners. Nodes may have no session with the owner, and the owner may be
/// unable to reach clients. Each caller has its own actor there (<see cref="PeerCallerActor"/>), so its objects are released when it dies.
/// </summary>
public sealed class PeerObjectsActor : HandlerActor, IWithUnboundedStash
{
    private readonly Dictionary<(IActorRef Caller, uint Owner), IActorRef> _callers = [];
    private readonly Dictionary<IActorRef, ((IActorRef Caller, uint Owner) Key, ClientCharge Charge)> _children = [];
    private readonly List<ClientCharge> _stashed = [];
    private readonly IActorRef? _peersActor;
    private readonly IActorRef _entry;
    private PeersProtocol.PeersReply _peers;

    /// <param name="peersActor">
    /// The actor that knows the other coordinators. Null if there are none: then the owner of an unknown object is lost.
    /// </param>
    /// <param name="entry">The actor to which callers send.</param>
    public PeerObjectsActor(IActorRef? peersActor, IActorRef entry)
    {
        (_peersActor, _entry) = (peersActor, entry);
        _peers = new([], IsComplete: peersActor is null);
        Receive<ObjectCall>(call => ForwardToOwner(call.Object, call));
        Receive<ObjectReplyReceived>(received => ForwardToOwner(received.Object, received));
        Receive<ObjectCallAbandoned>(abandoned => ForwardToOwner(abandoned.Object, abandoned));
        Receive<CallerTerminated>(
            terminated => _callers.GetValueOrDefault((terminated.Caller, terminated.Object.CoordinatorNumber))?.Tell(terminated));
        Receive<PeerCallerActor.CallerEnded>(_ => StopCaller(Sender));
        Receive<PeersProtocol.PeersReply>(peers =>
        {
            _peers = peers;
            _stashed.ForEach(charge => charge.Dispose());
            _stashed.Clear();
            Stash.UnstashAll();
        });
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => _peersActor?.Tell(PeersProtocol.SubscribePeers.Instance);

    private void ForwardToOwner(ObjectId target, IWireMessage message)
    {
        if (_callers.TryGetValue((Sender, target.CoordinatorNumber), out var known))
            known.Forward(message);
        else if (_peers.Known.FirstOrDefault(peer => peer.Number == target.CoordinatorNumber) is { } peer)
            CreateCaller(peer, target, message)?.Forward(message);
        else if (!_peers.IsComplete)
            StashMessage(message);
        else if (message is ObjectCall { Call: not 0 } call)
            Sender.Tell(PeerCallerActor.CreateUnreachable(call.Call));
    }

    /// <summary>
    /// Keeps a message until all coordinators are known. A client can name any coordinator, so its messages count toward its limit.
    /// </summary>
    private void StashMessage(IWireMessage message)
    {
        var charge = new ClientCharge(ClientUsages.FindUsage(Context.System, Sender), ClientResource.ObjectMemory);
        if (!charge.TryGrow(ObjectSizes.MeasureWaiting(message as ObjectCall)))
        {
            RefuseCall(message, charge);
            return;
        }

        _stashed.Add(charge);
        Stash.Stash();
    }

    private void RefuseCall(IWireMessage message, ClientCharge charge)
    {
        if (message is ObjectCall { Call: not 0 } call)
            Sender.Tell(ObjectReply.WithReason(call.Call, ObjectStatus.OverLimit, charge.FormatRefusal()));
    }

    /// <returns>Null if the client has too many actors that call.</returns>
    private IActorRef? CreateCaller(PeersProtocol.PeerCoordinator peer, ObjectId target, IWireMessage message)
    {
        var usage = ClientUsages.FindUsage(Context.System, Sender);
        var charge = new ClientCharge(usage, ClientResource.WaitingCalls);
        if (!charge.TryGrow(1))
        {
            RefuseCall(message, charge);
            return null;
        }

        var (caller, entry) = (Sender, _entry);
        var props = ActorProps.Create(() => new PeerCallerActor(caller, peer.Coordinator, target, entry, usage));
        var child = Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), RandomName.NewName("caller"));
        _callers[(caller, peer.Number)] = child;
        _children[child] = ((caller, peer.Number), charge);
        return child;
    }

    /// <summary>Stops the actor of a caller after the messages in its mailbox. No more are routed to it.</summary>
    private void StopCaller(IActorRef child)
    {
        if (_children.Remove(child, out var ended))
        {
            _callers.Remove(ended.Key);
            ended.Charge.Dispose();
        }

        child.Tell(PoisonPill.Instance);
    }
}
