using Actors.Messages;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// An actor that talks to one peer in another process. It handles contracts of that peer only; contracts of other senders are dropped and
/// reported as refused (<see cref="MessageRefused"/>). Other messages cannot come from another process.
/// </summary>
public abstract class PeerActor : HandlerActor
{
    /// <summary>Whether the current sender may send this contract to this actor.</summary>
    protected abstract bool IsAllowed(IWireMessage message);

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        if (message is not IWireMessage contract || IsAllowed(contract))
            return base.AroundReceive(receive, message);
        RefusedMessages.ReportCurrent(Context, message);
        return true;
    }
}
