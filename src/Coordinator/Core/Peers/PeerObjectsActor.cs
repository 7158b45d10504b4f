using Actors.Coordinator.Objects;
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
internal sealed class PeerObjectsActor : HandlerActor, IWithUnboundedStash
{
    private readonly Dictionary<(IActorRef Caller, uint Owner), IActorRef> _callers = [];
    private readonly Dictionary<IActorRef, (IActorRef Caller, uint Owner)> _children = [];
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
            CreateCaller(peer, target).Forward(message);
        else if (!_peers.IsComplete)
            Stash.Stash();
        else if (message is ObjectCall { Call: not 0 } call)
            Sender.Tell(PeerCallerActor.CreateUnreachable(call.Call));
    }

    private IActorRef CreateCaller(PeersProtocol.PeerCoordinator peer, ObjectId target)
    {
        var (caller, entry) = (Sender, _entry);
        var props = ActorProps.Create(() => new PeerCallerActor(caller, peer.Coordinator, target, entry));
        var child = Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), RandomName.NewName("caller"));
        _callers[(caller, peer.Number)] = child;
        _children[child] = (caller, peer.Number);
        return child;
    }

    /// <summary>Stops the actor of a caller after the messages in its mailbox. No more are routed to it.</summary>
    private void StopCaller(IActorRef child)
    {
        if (_children.Remove(child, out var key))
            _callers.Remove(key);
        child.Tell(PoisonPill.Instance);
    }
}
