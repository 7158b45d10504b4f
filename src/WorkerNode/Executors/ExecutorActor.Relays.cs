using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Forwards the calls of managed objects of workers that the executor has started itself. Each of these workers is represented by a child
/// of this actor.
/// </summary>
internal sealed partial class ExecutorActor
{
    private readonly Dictionary<long, IActorRef> _callersBehind = [];

    private void RelayCall(RelayedCall relayed) => _setup.Objects.Tell(relayed.Message, CallerBehind(relayed.Caller));

    private void RelayReply(RelayedReply relayed) => _connection?.SendFrames(writer =>
    {
        ObjectFrames.WriteCaller(writer, FrameKind.Caller, relayed.Caller);
        ObjectFrames.WriteMessage(writer, relayed.Reply);
    });

    private void ForwardLastReceipts()
    {
        try
        {
            _frames?.ForwardReceipts();
        }
        catch (InvalidDataException)
        {
            // The process has overwritten its receipts.
        }
    }

    private IActorRef CallerBehind(long caller)
    {
        if (_callersBehind.TryGetValue(caller, out var known))
            return known;
        var props = ActorProps.Create(() => new CallerBehindActor(caller, _setup.Objects));
        return _callersBehind[caller] = Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), RandomName.NewName("caller"));
    }

    private void StopCallerBehind(long caller)
    {
        if (_callersBehind.Remove(caller, out var actor))
            Context.Stop(actor);
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
