using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// An executor that has started workers of its own passes their calls on managed objects on. For each of them a child of this actor is the
/// caller that the objects know.
/// </summary>
internal sealed partial class ExecutorActor
{
    private void Relay(Relayed relayed) => _setup.Objects.Tell(relayed.Message, CallerBehind(relayed.Caller));

    private void Relay(RelayedReply relayed) => _connection?.Send(writer =>
    {
        ObjectFrames.WriteCaller(writer, FrameKind.Caller, relayed.Caller);
        ObjectFrames.Write(writer, relayed.Reply);
    });

    private static IActorRef CallerBehind(long caller)
    {
        var name = $"caller-{caller}";
        var known = Context.Child(name);
        return known.IsNobody()
            ? Context.ActorOf(InlineDispatcher.Apply(Props.Create(() => new CallerBehindActor(caller)), Context.System), name)
            : known;
    }

    /// <summary>From the receiving thread: what a caller behind the executor says of a managed object.</summary>
    public sealed record Relayed(long Caller, IWireMessage Message);

    /// <summary>To the executor: an answer for a caller behind it.</summary>
    public sealed record RelayedReply(long Caller, ObjectReply Reply);

    /// <summary>From the receiving thread: a caller behind the executor has died.</summary>
    public sealed record RelayedCallerGone(long Caller);

    private sealed class CallerBehindActor : ReceiveActor
    {
        public CallerBehindActor(long caller)
        {
            var executor = Context.Parent;
            Receive<ObjectReply>(reply => executor.Tell(new RelayedReply(caller, reply)));
        }
    }
}
