using Actors.Messages.Bundles;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// The coordinator as clients and other coordinators see it, under a name that only the door tells: what nobody else may ask for is marked here, and is not
/// heard without the mark.
/// </summary>
internal sealed class ClientGateActor : ReceiveActor
{
    private readonly IActorRef _coordinator;

    /// <param name="coordinator">Takes everything; it ends with it.</param>
    public ClientGateActor(IActorRef coordinator)
    {
        _coordinator = Context.Watch(coordinator);
        Mark<BundleProtocol.Offer>();
        Mark<BundleProtocol.Chunk>();
        Mark<PoolProtocol.Open>();
        Mark<PoolProtocol.Find>();
        Mark<NodeProtocol.DrainNode>();
        Receive<Terminated>(_ => Context.Stop(Self));
        ReceiveAny(coordinator.Forward);
    }

    private void Mark<T>() => Receive<T>(message => _coordinator.Forward(new FromClient<T>(message)));
}
