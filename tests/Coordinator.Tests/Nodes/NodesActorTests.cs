using Actors.Coordinator.Nodes;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Nodes;

public sealed class NodesActorTests : PatientTestKit
{
    private static readonly PoolSpec Spec = new(0, BundleId.ThisProcess, null, default, 0, 0, 0, 0);

    private readonly NodeId _first = NodeId.New();
    private readonly NodeId _second = NodeId.New();
    private readonly PoolId _poolId = PoolId.New();
    private readonly TestProbe _pool;
    private readonly IActorRef _nodes;

    public NodesActorTests()
    {
        _pool = CreateTestProbe();
        _pool.IgnoreMessages(message => message is NodesProtocol.PoolExecutorsGranted);
        _nodes = Sys.ActorOf(Props.Create<NodesActor>());
    }

    [Fact]
    public void Join_Twice_IsAnsweredTwice()
    {
        var node = Joined(_first, 2);
        _nodes.Tell(new NodeProtocol.Join(_first, "first", 2), node);
        Assert.Equal(_first, node.ExpectMsg<NodeProtocol.JoinAccepted>().Node);
        Want(0);
        Assert.Equal(2, node.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    [Fact]
    public void RequestExecutors_WithANode_TheNodeProvidesThem()
    {
        var node = Joined(_first, 3);
        Want(2);
        var provide = node.ExpectMsg<NodeProtocol.ProvideExecutors>();
        Assert.Equal((_poolId, 2), (provide.Pool, provide.Executors));
        Assert.Equal(_pool.Ref, node.Sender);
    }

    [Fact]
    public void RequestExecutors_BeforeAnyNode_IsServedByTheFirst()
    {
        Want(2);
        Assert.Equal(2, Joined(_first, 3).ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    [Fact]
    public void Join_AbsurdSlots_AreClamped()
    {
        var (none, many) = (Joined(_first, int.MinValue), Joined(_second, int.MaxValue));
        Want(0);
        Assert.Equal(4096, many.ExpectMsg<NodeProtocol.ProvideExecutors>(TimeSpan.FromSeconds(20)).Executors);
        none.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Node_Stops_ThePoolIsToldAndTheGrantMoves()
    {
        var first = Joined(_first, 4);
        Want(3);
        Assert.Equal(3, first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        var second = Joined(_second, 2);
        Sys.Stop(first);
        Assert.Equal(_first, _pool.ExpectMsg<NodesProtocol.NodeLost>().Node);
        Assert.Equal(2, second.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    /// <summary>The released pool waits for its executors, and their node can no longer report their end.</summary>
    [Fact]
    public void Node_StopsAfterTheRelease_ThePoolIsTold()
    {
        var first = Joined(_first, 4);
        Want(3);
        Assert.Equal(3, first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        _nodes.Tell(new NodesProtocol.ReleasePool(_poolId), _pool);
        Assert.Equal(0, first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        Sys.Stop(first);
        Assert.Equal(_first, _pool.ExpectMsg<NodesProtocol.NodeLost>().Node);
    }

    [Fact]
    public void NodeLeft_ThePoolIsTold()
    {
        var first = Joined(_first, 4);
        Want(3);
        _nodes.Tell(new NodeProtocol.NodeLeft(_first), first);
        Assert.Equal(_first, _pool.ExpectMsg<NodesProtocol.NodeLost>().Node);
    }

    /// <summary>A list of a thousand pools has megabytes, and a client could request thousands.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void List_ManyRequests_GetFewLists(bool ofPools)
    {
        Want(1);
        Joined(_first, 1);
        IWireMessage request = ofPools ? new PoolProtocol.ListPools() : new NodeProtocol.ListNodes();
        for (var i = 0; i < 100; i++)
            _nodes.Tell(request, TestActor);

        var lists = Enumerable.Range(0, 100).Select(_ => ExpectMsg<object>()).ToList();
        // A slow machine takes long enough for a few lists.
        Assert.InRange(lists.Distinct(ReferenceEqualityComparer.Instance).Count(), 1, 20);
        Assert.All(lists, list => Assert.Equal(
            1, (list as PoolProtocol.ListPoolsReply)?.Pools.Length ?? ((NodeProtocol.ListNodesReply)list).Nodes.Length));
    }

    [Fact]
    public void ListNodes_RightAfterAList_ShowsANewNode()
    {
        _nodes.Tell(new NodeProtocol.ListNodes(), TestActor);
        Assert.Empty(ExpectMsg<NodeProtocol.ListNodesReply>().Nodes);
        Joined(_first, 1);
        _nodes.Tell(new NodeProtocol.ListNodes(), TestActor);
        Assert.Single(ExpectMsg<NodeProtocol.ListNodesReply>().Nodes);
    }

    [Fact]
    public void Heartbeat_KnownNode_IsAnswered()
    {
        var node = Joined(_first, 1);
        _nodes.Tell(new NodeProtocol.Heartbeat(_first), node);
        Assert.Equal(_first, node.ExpectMsg<NodeProtocol.Heartbeat>().Node);
    }

    [Fact]
    public void Heartbeat_JobsNeedAnotherNode_AreNotCounted()
    {
        var needs = new NodeTraits(["zone=a"], [new ResourceAmount("gpu", 1)]);
        var (with, without) = (Joined(_first, 1, needs), Joined(_second, 1, needs with { Resources = [] }));
        _nodes.Tell(new NodesProtocol.RequestExecutors(_poolId, Spec with { Needs = needs }, 0), _pool);
        with.ExpectMsg<NodeProtocol.ProvideExecutors>();

        PublishReport(new PoolFigures(Waiting: 7, Held: 1, Running: 1, Executors: 1));

        Assert.Equal(7, Heartbeat(_first, with).Waiting);
        Assert.Equal(0, Heartbeat(_second, without).Waiting);
        PublishReport(new PoolFigures(Waiting: 0, Held: 0, Running: 0, Executors: 2));
        Assert.Equal(2, Heartbeat(_first, with).Idle);
        Assert.Equal(0, Heartbeat(_second, without).Idle);
    }

    [Fact]
    public void Heartbeat_SeveralCoordinators_NamesTheKnownOnes()
    {
        var others = CreateTestProbe();
        var nodes = Sys.ActorOf(Props.Create(() => new NodesActor(others.Ref)));
        others.ExpectMsg<PeersProtocol.SubscribePeers>();
        nodes.Tell(new NodeProtocol.Join(_first, "first", 1), TestActor);
        ExpectMsg<NodeProtocol.JoinAccepted>();
        foreach (var ports in new int[][] { [2, 1], [2], [] })
        {
            nodes.Tell(new PeersProtocol.PeersReply(
                [.. ports.Select(port => new PeersProtocol.PeerCoordinator((uint)port, new FarRef("coordinator", port)))],
                IsComplete: true));
            nodes.Tell(new NodeProtocol.Heartbeat(_first), TestActor);
            Assert.Equal(ports.Order().Select(port => $"far:{port}"), ExpectMsg<NodeProtocol.Heartbeat>().Coordinators);
        }
    }

    [Fact]
    public void Heartbeat_UnknownNode_IsAnsweredUnknown()
    {
        _nodes.Tell(new NodeProtocol.Heartbeat(_second), TestActor);
        Assert.Equal(_second, ExpectMsg<NodeProtocol.NodeUnknown>().Node);
    }

    [Fact]
    public void Draining_TheGrantMoves()
    {
        var (first, second) = (Joined(_first, 2), default(TestProbe));
        Want(2);
        Assert.Equal(2, first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        second = Joined(_second, 2);
        _nodes.Tell(new NodeProtocol.NodeDraining(_first), first);
        Assert.Equal(0, first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        Assert.Equal(2, second.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    [Fact]
    public void ReleasePool_OrStop_EndsTheGrant()
    {
        var node = Joined(_first, 2);
        Want(2);
        Assert.Equal(2, node.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        Sys.Stop(_pool);
        Assert.Equal(0, node.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    private NodeProtocol.Heartbeat Heartbeat(NodeId id, TestProbe node)
    {
        _nodes.Tell(new NodeProtocol.Heartbeat(id), node);
        return node.ExpectMsg<NodeProtocol.Heartbeat>();
    }

    private TestProbe Joined(NodeId id, int slots, NodeTraits? traits = null)
    {
        var node = CreateTestProbe();
        _nodes.Tell(new NodeProtocol.Join(id, id.ToString(), slots, traits), node);
        Assert.Equal(id, node.ExpectMsg<NodeProtocol.JoinAccepted>().Node);
        return node;
    }

    private void PublishReport(PoolFigures figures) =>
        Sys.EventStream.Publish(new PoolReport(_poolId, "pool", false, figures, [], [], 0, IsEnded: false));

    private void Want(int executors) => _nodes.Tell(new NodesProtocol.RequestExecutors(_poolId, Spec, executors), _pool);
}
