using Actors.Messages.Bundles;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// The coordinator as worker nodes with a key of their own see it: they run what others brought, and bring no code and no jobs themselves. Here they are told
/// so; a node that goes by is not heard, for lack of the mark that <see cref="ClientGateActor"/> makes.
/// </summary>
internal sealed class NodeGateActor : ReceiveActor
{
    private const string Reason = "A worker node's key does not allow that: programs need the clients' key.";

    /// <param name="coordinator">Takes everything else.</param>
    public NodeGateActor(IActorRef coordinator)
    {
        Receive<BundleProtocol.Offer>(_ => Sender.Tell(new BundleProtocol.Refused(default, Reason)));
        Receive<BundleProtocol.Chunk>(chunk => Sender.Tell(new BundleProtocol.Refused(chunk.Content, Reason)));
        Receive<PoolProtocol.Open>(open => Sender.Tell(new PoolProtocol.Refused(open.Pool, Reason)));
        Receive<PoolProtocol.Find>(find => Sender.Tell(new PoolProtocol.Refused(find.Pool, Reason)));
        Receive<NodeProtocol.DrainNode>(_ => Sender.Tell(new NodeProtocol.Listed([])));
        ReceiveAny(coordinator.Forward);
    }
}
