using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// An executor that has started workers of its own passes their calls on managed objects on. For each of them a child of this actor is the
/// caller that the objects know.
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
            // What the process wrote over its receipts.
        }
    }

    private IActorRef CallerBehind(long caller)
    {
        if (_callersBehind.TryGetValue(caller, out var known))
            return known;
        var props = Props.Create(() => new CallerBehindActor(caller, _setup.Objects));
        return _callersBehind[caller] = Context.ActorOf(InlineDispatcher.ApplyTo(props, Context.System), RandomName.NewName("caller"));
    }

    private void StopCallerBehind(long caller)
    {
        if (_callersBehind.Remove(caller, out var actor))
            Context.Stop(actor);
    }

    /// <summary>From the receiving thread: what a caller behind the executor says of a managed object.</summary>
    public sealed record RelayedCall(long Caller, IWireMessage Message);

    /// <summary>To the executor: an answer for a caller behind it.</summary>
    public sealed record RelayedReply(long Caller, ObjectReply Reply);

    /// <summary>From the receiving thread: a caller behind the executor has died.</summary>
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
