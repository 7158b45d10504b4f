using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Forwards the calls of managed objects of workers that an executor has started itself. Each of these workers is represented by a child of
/// the executor's actor, so that objects can watch it.
/// </summary>
/// <param name="context">The context of the executor's actor.</param>
/// <param name="objects">The managed objects.</param>
public sealed class CallerRelay(IActorContext context, IActorRef objects)
{
    private readonly Dictionary<long, IActorRef> _callers = [];

    /// <summary>Forwards a message of a worker behind the executor to a managed object.</summary>
    public void RelayCall(RelayedCall relayed) => objects.Tell(relayed.Message, GetOrAddCaller(relayed.Caller));

    /// <summary>Sends an answer for a worker behind the executor to the executor.</summary>
    public static void RelayReply(RelayedReply relayed, ExecutorConnection? connection) => connection?.SendReply(writer =>
    {
        ObjectFrames.WriteCaller(writer, FrameKind.Caller, relayed.Caller);
        ObjectFrames.WriteMessage(writer, relayed.Reply);
    });

    /// <summary>Ends the representation of a worker that has died.</summary>
    public void RemoveCaller(long caller)
    {
        if (_callers.Remove(caller, out var actor))
            context.Stop(actor);
    }

    private IActorRef GetOrAddCaller(long caller)
    {
        if (_callers.TryGetValue(caller, out var known))
            return known;
        var props = ActorProps.Create(() => new CallerBehindActor(caller, objects));
        return _callers[caller] = context.ActorOf(InlineDispatcher.ApplyTo(props, context.System), RandomName.NewName("caller"));
    }

    /// <summary>Sent by the receiving thread: a message of a worker behind the executor to a managed object.</summary>
    public sealed record RelayedCall(long Caller, IWireMessage Message);

    /// <summary>An answer for a worker behind the executor.</summary>
    public sealed record RelayedReply(long Caller, ObjectReply Reply);

    /// <summary>Sent by the receiving thread: a worker behind the executor has died.</summary>
    public sealed record RelayedCallerGone(long Caller);

    private sealed class CallerBehindActor : PeerActor
    {
        private readonly IActorRef _objects;

        public CallerBehindActor(long caller, IActorRef objects)
        {
            _objects = objects;
            var executor = Context.Parent;
            Receive<ObjectReply>(reply => executor.Tell(new RelayedReply(caller, reply)));
        }

        protected override bool IsAllowed(IWireMessage message) => Sender.IsInProcessOf(_objects);
    }
}
