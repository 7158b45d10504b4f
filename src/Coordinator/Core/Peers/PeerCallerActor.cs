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
    private static readonly byte[] Gone = Encoding.UTF8.GetBytes("The coordinator that has the managed object is gone, or the connection to it broke.");

    private readonly HashSet<long> _open = [];
    private readonly HashSet<ObjectId> _held = [];
    private readonly IActorRef _caller;
    private readonly IActorRef _home;
    private readonly IActorRef _entry;
    private readonly ObjectId _target;
    private bool _isOver;

    /// <param name="caller">Stands for the process.</param>
    /// <param name="home">The other coordinator.</param>
    /// <param name="target">An object there: what is said of it comes here.</param>
    /// <param name="entry">Where callers send to.</param>
    public PeerCallerActor(IActorRef caller, IActorRef home, ObjectId target, IActorRef entry)
    {
        (_caller, _home, _target, _entry) = (caller, home, target, entry);
        Receive<ObjectCall>(Call);
        Receive<ObjectReplyReceived>(received => Pass(received));
        Receive<ObjectCallAbandoned>(abandoned =>
        {
            _open.Remove(abandoned.Call);
            Pass(abandoned);
        });
        Receive<ObjectReply>(reply =>
        {
            _open.Remove(reply.Call);
            _caller.Tell(reply);
        });
        Receive<Terminated>(gone => Follow(gone.ActorRef));
        Receive<DisassociatedEvent>(broken => Follow(broken.RemoteAddress));
        Receive<CallerGone>(_ => End());
    }

    /// <summary>To its parent: it is of no use any more. It answers calls until it is stopped.</summary>
    public sealed record Over
    {
        public static readonly Over Instance = new();
    }

    /// <summary>The end of a call that nobody can say more of.</summary>
    public static ObjectReply Unreachable(long call) => new(call, ObjectStatus.Unreachable, 0, [Gone]);

    /// <summary>The process calls, and the coordinator that has the object answers.</summary>
    protected override bool IsAllowed(IWireMessage message) => message is ObjectReply ? Sender.IsInProcessOf(_home) : Sender.Equals(_caller);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_caller);
        Context.Watch(_home);
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Call(ObjectCall call)
    {
        if (_isOver && call.Call != 0)
        {
            _caller.Tell(Unreachable(call.Call));
            return;
        }

        if (call.Call != 0)
            _open.Add(call.Call);
        Hold(call);
        Pass(call);
    }

    /// <summary>
    /// The process has said so once, perhaps before the connection broke: then the other coordinator has forgotten it, and would remove an object that is used.
    /// </summary>
    private void Hold(ObjectCall call)
    {
        if (call.Operation == ObjectOperation.Drop)
            _held.Remove(call.Object);
        // Whoever serves has no proxy, and keeps nothing.
        else if (call.Operation != ObjectOperation.Serve && _held.Add(call.Object) && call.Operation != ObjectOperation.Hold)
            Pass(new ObjectCall(call.Object, 0, ObjectOperation.Hold, 0, 0, []));
    }

    private void Pass(IWireMessage message)
    {
        if (!_isOver)
            _home.Tell(message, Self);
    }

    private void Follow(IActorRef gone)
    {
        if (gone.Equals(_caller))
            FollowCaller();
        else
            End();
    }

    private void Follow(Address broken)
    {
        if (broken.Equals(_home.Path.Address))
            End();
        else if (broken.Equals(_caller.Path.Address))
            FollowCaller();
    }

    /// <summary>As a managed object does: the process's last words may still be on their way.</summary>
    private void FollowCaller() => _entry.Tell(new CallerGone(_target, _caller));

    private void End()
    {
        if (_isOver)
            return;
        _isOver = true;
        foreach (var call in _open)
            _caller.Tell(Unreachable(call));
        _open.Clear();
        Context.Parent.Tell(Over.Instance);
    }
}
