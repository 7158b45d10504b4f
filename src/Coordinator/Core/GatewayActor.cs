using Actors.Messages;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// The only actor of a coordinator with a well-known name. It tells a peer the supported versions and the actor to talk to. The transport
/// has authenticated the peer before.
/// </summary>
public sealed class GatewayActor : HandlerActor
{
    /// <param name="coordinator">The actor that peers talk to.</param>
    /// <param name="clusterId">Identifies the coordinator, or all coordinators of its cluster.</param>
    /// <param name="number">The number of the objects that this coordinator owns.</param>
    public GatewayActor(IActorRef coordinator, string clusterId, uint number) => Receive<CoordinatorProtocol.Handshake>(hello =>
    {
        if (hello.Version < CoordinatorProtocol.OldestVersion)
            Sender.Tell(new CoordinatorProtocol.HandshakeReply(CoordinatorProtocol.Version, clusterId, ""));
        else
        {
            Sender.Tell(
                new CoordinatorProtocol.HandshakeReply(
                    CoordinatorProtocol.Version, clusterId, coordinator.Path.Name, number,
                    LinkIdentity.GetIdentity(Context.System).Coordinators.Told), coordinator);
        }
    });
}
