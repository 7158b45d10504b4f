using System.Text;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Peers;

/// <summary>
/// Represents a process that calls objects of another coordinator. It stops there when the process ends. It fails the open calls of the
/// process when that coordinator is lost or the connection breaks. The other coordinator does not know the program of the process, so this
/// actor charges calls, proxies and unread replies to the program.
/// </summary>
public sealed class PeerCallerActor : PeerActor
{
    /// <summary>The bytes that the record of a proxy counts as.</summary>
    private const int HeldSize = 64;

    /// <summary>The bytes of a small reply, which the limit of unhandled requests includes.</summary>
    private const int SmallReply = 4 << 10;

    private static readonly byte[] OwnerLost = Encoding.UTF8.GetBytes(
        "The coordinator that owns the managed object was lost, or the connection to it broke. Create the object again, or call it again "
        + "when the coordinator is back.");

    private readonly Dictionary<long, ObjectId> _openCalls = new(SeededComparer<long>.Instance);
    private readonly HashSet<ObjectId> _heldObjects = [];
    private readonly ClientCharge _openCharge;
    private readonly ClientCharge _heldCharge;
    private readonly IActorRef _caller;
    private readonly IActorRef _owner;
    private readonly IActorRef _entry;
    private readonly ObjectId _target;
    private bool _hasEnded;

    /// <param name="caller">The actor of the process.</param>
    /// <param name="owner">The other coordinator.</param>
    /// <param name="target">An object of the other coordinator. Messages about it are routed to this actor.</param>
    /// <param name="entry">The actor to which callers send.</param>
    /// <param name="usage">The usage of the process's program. Null for one without limits.</param>
    public PeerCallerActor(IActorRef caller, IActorRef owner, ObjectId target, IActorRef entry, ClientUsage? usage)
    {
        (_caller, _owner, _target, _entry) = (caller, owner, target, entry);
        _openCharge = new ClientCharge(usage, ClientResource.WaitingCalls);
        _heldCharge = new ClientCharge(usage, ClientResource.ObjectMemory);
        Receive<ObjectCall>(SendCall);
        Receive<ObjectReplyReceived>(received => ForwardToOwner(received));
        Receive<ObjectCallAbandoned>(abandoned =>
        {
            TryCloseCall(abandoned.Call, out _);
            ForwardToOwner(abandoned);
        });
        Receive<ObjectReply>(ForwardReply);
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
        _openCharge.Dispose();
        _heldCharge.Dispose();
    }

    private void SendCall(ObjectCall call)
    {
        if (_hasEnded && call.Call != 0)
        {
            _caller.Tell(CreateUnreachable(call.Call));
            return;
        }

        if (call.Call != 0 && !TryOpenCall(call))
            return;
        if (TrackHolding(call))
            ForwardToOwner(call);
    }

    /// <summary>Adds an open call. Refuses it if the program has too many.</summary>
    private bool TryOpenCall(ObjectCall call)
    {
        if (!_openCalls.ContainsKey(call.Call) && !_openCharge.TryGrow(1))
        {
            _caller.Tell(ObjectReply.WithReason(call.Call, ObjectStatus.OverLimit, _openCharge.FormatRefusal()));
            return false;
        }

        _openCalls[call.Call] = call.Object;
        return true;
    }

    private bool TryCloseCall(long call, out ObjectId target)
    {
        if (!_openCalls.Remove(call, out target))
            return false;
        _openCharge.SetAmount(_openCalls.Count);
        return true;
    }

    /// <summary>
    /// Forwards a reply. Each large one needs memory of its own here, also if it refers to a stored value at the other coordinator. So a
    /// program that does not read its replies gets no further ones, and their items return.
    /// </summary>
    private void ForwardReply(ObjectReply reply)
    {
        var isOpen = TryCloseCall(reply.Call, out var target);
        var size = WireLimits.SizeOf(reply.Payloads);
        if (size <= SmallReply)
            _caller.Tell(reply);
        else if (isOpen && !AnswerReceipts.TrySend(Context.System, _caller, reply, size, Self))
        {
            ForwardToOwner(new ObjectCallAbandoned(target, reply.Call));
            var reason = ClientUsages.FormatRefusal(Context.System, _caller, ClientResource.UnreadAnswers);
            _caller.Tell(ObjectReply.WithReason(reply.Call, ObjectStatus.OverLimit, reason));
        }
    }

    /// <summary>
    /// Tracks which objects the process uses. If the process reported a use before the connection broke, the owner has forgotten it, and
    /// would remove an object in use. The use is then reported again.
    /// </summary>
    /// <returns>False for a new proxy that the program may not have, because it has too many.</returns>
    private bool TrackHolding(ObjectCall call)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Drop:
                if (_heldObjects.Remove(call.Object))
                    _heldCharge.SetAmount((long)_heldObjects.Count * HeldSize);
                break;
            // A process that serves an object has no proxy of it.
            case ObjectOperation.Serve: break;
            case var operation when !_heldObjects.Contains(call.Object):
                if (!_heldCharge.TryGrow(HeldSize))
                    return operation != ObjectOperation.Hold;
                _heldObjects.Add(call.Object);
                if (operation != ObjectOperation.Hold)
                    ForwardToOwner(new ObjectHold().ToCall(call.Object));
                break;
        }

        return true;
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
        foreach (var call in _openCalls.Keys)
            _caller.Tell(CreateUnreachable(call));
        _openCalls.Clear();
        _openCharge.Dispose();
        Context.Parent.Tell(CallerEnded.Instance);
    }
}
