using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Messages.Nodes;
using Akka.Actor;
using Actors.Coordinator.Pools;
namespace Actors.Coordinator.Nodes;
internal static class NodesProtocol
{
    public sealed record PoolWants(PoolId Pool, PoolSpec Spec, int Executors);
    public sealed record PoolGone(PoolId Pool);
    public sealed record NodeLost(NodeId Node);
    public sealed record Capacity(int Executors);
}
internal sealed class StubCoordinator : ReceiveActor
{
    private IActorRef _node = ActorRefs.Nobody;
    private readonly Dictionary<PoolId, (PoolSpec, IActorRef)> _pools = [];
    public StubCoordinator()
    {
        Receive<NodeProtocol.Join>(j => { _node = Sender; Sender.Tell(new NodeProtocol.Joined(j.Node)); });
        Receive<NodesProtocol.PoolWants>(w => { _pools[w.Pool] = (w.Spec, Sender); _node.Tell(new NodeProtocol.Provide(w.Pool, w.Spec, w.Executors), Sender); });
        Receive<NodesProtocol.PoolGone>(w => { _node.Tell(new NodeProtocol.Provide(w.Pool, _pools[w.Pool].Item1, 0), _pools[w.Pool].Item2); });
        Receive<PoolProtocol.Open>(o => { var c = Sender; var s = Self; Context.ActorOf(Props.Create(() => new PoolActor(o, c, s)), o.Pool.ToString()); });
    }
}
