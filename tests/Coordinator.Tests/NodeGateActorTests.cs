using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests;

public sealed class NodeGateActorTests : PatientTestKit
{
    [Fact]
    public void Node_WithAKeyOfItsOwn_BringsNoCodeAndOpensNoPool()
    {
        var gate = Sys.ActorOf(Props.Create(() => new NodeGateActor(TestActor)));
        var node = CreateTestProbe();
        var pool = PoolId.New();
        var code = new BundleId(1, 2);

        gate.Tell(new BundleProtocol.Chunk(code, 0, new byte[1], true), node);
        gate.Tell(new PoolProtocol.Find(pool), node);
        gate.Tell(new NodeProtocol.Heartbeat(NodeId.New()), node);

        Assert.Equal(code, node.ExpectMsg<BundleProtocol.Refused>().Subject);
        Assert.Equal(pool, node.ExpectMsg<PoolProtocol.Refused>().Pool);
        ExpectMsg<NodeProtocol.Heartbeat>();
        Assert.Equal(node.Ref, LastSender);
    }
}
