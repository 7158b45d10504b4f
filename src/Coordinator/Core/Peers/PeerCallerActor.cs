using System.Text;
using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Peers;

/// <summary>
/// Represents a process that calls objects of another coordinator. It stops there when the process ends. It fails the open calls of the
/// process when that coordinator is lost or the connection breaks.
/// </summary>
public sealed class PeerCallerActor : PeerActor
{
    private static readonly byte[] OwnerLost = Encoding.UTF8.GetBytes(
        "The coordinator that owns the managed object was lost, or the connection to it broke. Create the object again, or call it again "
        + "when the coordinator is back.");

    private readonly HashSet<long> _openCalls = [];
    private readonly HashSet<ObjectId> _heldObjects = [];
    private readonly IActorRef _caller;
    private readonly IActorRef _owner;
    private readonly IActorRef _entry;
    private readonly ObjectId _target;
    private bool _hasEnded;

    /// <param name="caller">The actor of the process.</param>
    /// <param name="owner">The other coordinator.</param>
    /// <param name="target">An object of the other coordinator. Messages about it are routed to this actor.</param>
    /// <param name="entry">The actor to which callers send.</param>
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
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<DisassociatedEvent>(disconnected => OnDisconnected(disconnected.RemoteAddress));
        Receive<CallerTerminated>(_ => EndCalls());
    }

    /// <summary>To its parent: the owner is lost. The actor answers calls until it is stopped.</summary>
    public sealed record CallerEnded
    {
        public static readonly CallerEnded Instance = new();
    }

    private Address[] Peers => [_caller.Path.Address, _owner.Path.Address];

    /// <summary>Creates the answer to a call whose result is unknown.</summary>
    public static ObjectReply CreateUnreachable(long call) => new(call, ObjectStatus.Unreachable, 0, [OwnerLost]);

    /// <summary>Calls must come from the process, and replies from the other coordinator.</summary>
    protected override bool IsAllowed(IWireMessage message) =>
        message is ObjectReply ? Sender.IsInProcessOf(_owner) : Sender.Equals(_caller);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_caller);
        Context.Watch(_owner);
        foreach (var peer in Peers)
            BrokenConnections.Get(Context.System).AddObserver(peer, Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var peer in Peers)
            BrokenConnections.Get(Context.System).RemoveObserver(peer, Self);
    }

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
    /// Tracks which objects the process uses. If the process reported a use before the connection broke, the owner has forgotten it, and
    /// would remove an object in use. The use is then reported again.
    /// </summary>
    private void TrackHolding(ObjectCall call)
    {
        if (call.Operation == ObjectOperation.Drop)
            _heldObjects.Remove(call.Object);
        // A process that serves an object has no proxy of it.
        else if (call.Operation != ObjectOperation.Serve && _heldObjects.Add(call.Object) && call.Operation != ObjectOperation.Hold)
            ForwardToOwner(new ObjectHold().ToCall(call.Object));
    }

    private void ForwardToOwner(IWireMessage message)
    {
        if (!_hasEnded)
            _owner.Tell(message, Self);
    }

    private void OnTerminated(IActorRef terminated)
    {
        if (terminated.Equals(_caller))
            ConfirmTerminated();
        else
            EndCalls();
    }

    private void OnDisconnected(Address disconnected)
    {
        if (disconnected.Equals(_owner.Path.Address))
            EndCalls();
        else if (disconnected.Equals(_caller.Path.Address))
            ConfirmTerminated();
    }

    /// <summary>Sends the end of the process through the entry, behind its last messages.</summary>
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
