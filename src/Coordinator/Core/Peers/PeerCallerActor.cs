using System.Text;
using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Peers;

/// <summary>
/// A process that calls objects of another coordinator, as that one sees it: is gone there when the process is, and ends the process's calls when that
/// coordinator is, or the connection to it breaks.
/// </summary>
internal sealed class PeerCallerActor : PeerActor
{
    private static readonly byte[] OwnerLost = Encoding.UTF8.GetBytes("The coordinator that has the managed object is gone, or the connection to it broke.");

    private readonly HashSet<long> _openCalls = [];
    private readonly HashSet<ObjectId> _heldObjects = [];
    private readonly IActorRef _caller;
    private readonly IActorRef _owner;
    private readonly IActorRef _entry;
    private readonly ObjectId _target;
    private bool _hasEnded;

    /// <param name="caller">Stands for the process.</param>
    /// <param name="owner">The other coordinator.</param>
    /// <param name="target">An object there: what is said of it comes here.</param>
    /// <param name="entry">Where callers send to.</param>
    public PeerCallerActor(IActorRef caller, IActorRef owner, ObjectId target, IActorRef entry)
    {
        (_caller, _owner, _target, _entry) = (caller, owner, target, entry);
        Receive<ObjectCall>(SendCall);
        Receive<ObjectReplyReceived>(received => ForwardToOwner(received));
        Receive<ObjectCallAbandoned>(abandoned =>
        {
            _openCalls.Remove(abandoned.Call);
            ForwardToOwner(abandoned);
        });
        Receive<ObjectReply>(reply =>
        {
            _openCalls.Remove(reply.Call);
            _caller.Tell(reply);
        });
        Receive<Terminated>(gone => OnTerminated(gone.ActorRef));
        Receive<DisassociatedEvent>(broken => OnDisconnected(broken.RemoteAddress));
        Receive<CallerTerminated>(_ => EndCalls());
    }

    /// <summary>To its parent: it is of no use any more. It answers calls until it is stopped.</summary>
    public sealed record CallerEnded
    {
        public static readonly CallerEnded Instance = new();
    }

    /// <summary>The end of a call that nobody can say more of.</summary>
    public static ObjectReply CreateUnreachable(long call) => new(call, ObjectStatus.Unreachable, 0, [OwnerLost]);

    /// <summary>The process calls, and the coordinator that has the object answers.</summary>
    protected override bool IsAllowed(IWireMessage message) => message is ObjectReply ? Sender.IsInProcessOf(_owner) : Sender.Equals(_caller);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_caller);
        Context.Watch(_owner);
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void SendCall(ObjectCall call)
    {
        if (_hasEnded && call.Call != 0)
        {
            _caller.Tell(CreateUnreachable(call.Call));
            return;
        }

        if (call.Call != 0)
            _openCalls.Add(call.Call);
        TrackHolding(call);
        ForwardToOwner(call);
    }

    /// <summary>
    /// The process has said so once, perhaps before the connection broke: then the other coordinator has forgotten it, and would remove an object that is used.
    /// </summary>
    private void TrackHolding(ObjectCall call)
    {
        if (call.Operation == ObjectOperation.Drop)
            _heldObjects.Remove(call.Object);
        // Whoever serves has no proxy, and keeps nothing.
        else if (call.Operation != ObjectOperation.Serve && _heldObjects.Add(call.Object) && call.Operation != ObjectOperation.Hold)
            ForwardToOwner(new ObjectCall(call.Object, 0, ObjectOperation.Hold, 0, 0, []));
    }

    private void ForwardToOwner(IWireMessage message)
    {
        if (!_hasEnded)
            _owner.Tell(message, Self);
    }

    private void OnTerminated(IActorRef gone)
    {
        if (gone.Equals(_caller))
            ConfirmTerminated();
        else
            EndCalls();
    }

    private void OnDisconnected(Address broken)
    {
        if (broken.Equals(_owner.Path.Address))
            EndCalls();
        else if (broken.Equals(_caller.Path.Address))
            ConfirmTerminated();
    }

    /// <summary>As a managed object does: the process's last words may still be on their way.</summary>
    private void ConfirmTerminated() => _entry.Tell(new CallerTerminated(_target, _caller));

    private void EndCalls()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        foreach (var call in _openCalls)
            _caller.Tell(CreateUnreachable(call));
        _openCalls.Clear();
        Context.Parent.Tell(CallerEnded.Instance);
    }
}
