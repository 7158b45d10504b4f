using Actors.Messages;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// An actor of a session with another process. It handles contracts of its peer; contracts of any other sender are dropped and reported as refused
/// (<see cref="MessageRefused"/>). Messages that are no contracts cannot travel, so they are of this process.
/// </summary>
internal abstract class PeerActor : ReceiveActor
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
