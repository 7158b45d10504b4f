using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Clients;

/// <summary>Receives the answers of clients to the markers behind their answers; see <see cref="AnswerReceipts"/>.</summary>
public sealed class AnswerReceiptsActor : HandlerActor
{
    private readonly AnswerReceipts _receipts = AnswerReceipts.Of(Context.System);

    /// <summary>Creates the actor.</summary>
    public AnswerReceiptsActor()
    {
        Receive<ActorIdentity>(identity => _receipts.OnReceived(identity.MessageId));
        Receive<DisassociatedEvent>(disconnected => _receipts.RemoveClient(disconnected.RemoteAddress));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        _receipts.SetReceiver(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
