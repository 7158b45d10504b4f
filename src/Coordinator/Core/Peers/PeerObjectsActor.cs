using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Peers;

/// <summary>
/// Passes what is said of objects that are at home at another coordinator on to that one: nodes may not have a session with it, and clients cannot be reached
/// from it. Every caller stays one of its own there (<see cref="PeerCallerActor"/>), so that what it holds is freed when it dies.
/// </summary>
internal sealed class PeerObjectsActor : ReceiveActor, IWithUnboundedStash
{
    private readonly Dictionary<(IActorRef Caller, uint Home), IActorRef> _callers = [];
    private readonly Dictionary<IActorRef, (IActorRef Caller, uint Home)> _children = [];
    private readonly IActorRef? _others;
    private readonly IActorRef _entry;
    private PeersProtocol.Peers _peers;

    /// <param name="others">Knows the other coordinators; null when there are none: then what is not here was at one that is gone.</param>
    /// <param name="entry">Where callers send to.</param>
    public PeerObjectsActor(IActorRef? others, IActorRef entry)
    {
        (_others, _entry) = (others, entry);
        _peers = new([], IsComplete: others is null);
        Receive<ObjectCall>(call => Pass(call.Object, call));
        Receive<ObjectReplyReceived>(received => Pass(received.Object, received));
        Receive<ObjectCallAbandoned>(abandoned => Pass(abandoned.Object, abandoned));
        Receive<CallerGone>(gone => _callers.GetValueOrDefault((gone.Caller, gone.Object.CoordinatorNumber))?.Tell(gone));
        Receive<PeerCallerActor.Over>(_ => Forget(Sender));
        Receive<PeersProtocol.Peers>(peers =>
        {
            _peers = peers;
            Stash.UnstashAll();
        });
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => _others?.Tell(PeersProtocol.Subscribe.Instance);

    private void Pass(ObjectId target, IWireMessage message)
    {
        if (_callers.TryGetValue((Sender, target.CoordinatorNumber), out var known))
            known.Forward(message);
        else if (_peers.Known.FirstOrDefault(peer => peer.Number == target.CoordinatorNumber) is { } peer)
            CallerAt(peer, target).Forward(message);
        else if (!_peers.IsComplete)
            Stash.Stash();
        else if (message is ObjectCall { Call: not 0 } call)
            Sender.Tell(PeerCallerActor.Unreachable(call.Call));
    }

    private IActorRef CallerAt(PeersProtocol.Peer peer, ObjectId target)
    {
        var (caller, entry) = (Sender, _entry);
        var props = Props.Create(() => new PeerCallerActor(caller, peer.Coordinator, target, entry));
        var child = Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), RandomName.NewName("caller"));
        _callers[(caller, peer.Number)] = child;
        _children[child] = (caller, peer.Number);
        return child;
    }

    /// <summary>What was sent to it before is answered by it; nothing is sent after.</summary>
    private void Forget(IActorRef child)
    {
        if (_children.Remove(child, out var key))
            _callers.Remove(key);
        child.Tell(PoisonPill.Instance);
    }
}
