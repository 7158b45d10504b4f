using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Nodes;

/// <summary>A silent node with an open connection is removed after its lease of 4 s, which is checked every half second.</summary>
public sealed class SilentNodeTests : PatientTestKit
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly PoolSpec Spec = new(0, BundleId.ThisProcess, null, default, 0, 0, 0, 0);
    private static readonly Config Virtual = ConfigurationFactory.ParseString(
        $"akka.scheduler.implementation = \"{typeof(VirtualScheduler).AssemblyQualifiedName}\"");

    private readonly NodeId _node = NodeId.New();
    private readonly PoolId _poolId = PoolId.New();
    private readonly TestProbe _pool;
    private readonly IActorRef _nodes;

    public SilentNodeTests()
        : base(Virtual)
    {
        _pool = CreateTestProbe();
        _pool.IgnoreMessages(message => message is NodesProtocol.NodeAssigned or NodesProtocol.PoolExecutorsGranted);
        _nodes = Sys.ActorOf(Props.Create<NodesActor>());
        _nodes.Tell(new NodesProtocol.RequestExecutors(_poolId, Spec, 1), _pool);
    }

    [Fact]
    public void Node_SilentForItsLease_IsKept()
    {
        Join(_node, isRemote: true);

        Pass(Lease);

        Assert.Equal([_node.ToString()], Names());
        _pool.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Node_SilentForLonger_IsRemovedAndTheGrantMoves()
    {
        Join(_node, isRemote: true).ExpectMsg<NodeProtocol.ProvideExecutors>();
        Pass(Lease);
        var other = NodeId.New();
        var next = Join(other, isRemote: true);

        Pass(Look);

        Assert.Equal(_node, _pool.ExpectMsg<NodesProtocol.NodeLost>().Node);
        Assert.Equal(1, next.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        Assert.Equal([other.ToString()], Names());
    }

    [Fact]
    public void Heartbeat_WithinTheLease_RenewsIt()
    {
        var node = Join(_node, isRemote: true);
        Pass(Lease);
        _nodes.Tell(new NodeProtocol.Heartbeat(_node), new FarNode(node, _node));

        Pass(Lease);
        Assert.Equal([_node.ToString()], Names());
        Pass(Look);

        Assert.Equal(_node, _pool.ExpectMsg<NodesProtocol.NodeLost>().Node);
    }

    [Fact]
    public void Heartbeat_RemovedNode_IsAnsweredUnknown()
    {
        var node = Join(_node, isRemote: true);
        node.ExpectMsg<NodeProtocol.ProvideExecutors>();
        Pass(Lease + Look);

        _nodes.Tell(new NodeProtocol.Heartbeat(_node), node);

        Assert.Equal(_node, node.ExpectMsg<NodeProtocol.NodeUnknown>().Node);
    }

    /// <summary>Within one process there is no lease, because death watch is exact.</summary>
    [Fact]
    public void Node_InThisProcess_MayBeSilent()
    {
        Join(_node, isRemote: false);

        Pass(10 * Lease);

        Assert.Equal([_node.ToString()], Names());
        _pool.ExpectNoMsg(TimeSpan.Zero);
    }

    private TestProbe Join(NodeId id, bool isRemote)
    {
        var node = CreateTestProbe();
        _nodes.Tell(new NodeProtocol.Join(id, id.ToString(), 1), isRemote ? new FarNode(node, id) : node.Ref);
        Assert.Equal(id, node.ExpectMsg<NodeProtocol.JoinAccepted>().Node);
        return node;
    }

    /// <summary>Handles all earlier messages, advances the time, and handles the messages that are due then.</summary>
    private void Pass(TimeSpan time)
    {
        HandleMessages();
        ((VirtualScheduler)Sys.Scheduler).Advance(time);
        HandleMessages();
    }

    private void HandleMessages()
    {
        _nodes.Tell(NodesProtocol.GetNodeActors.Instance, TestActor);
        ExpectMsg<NodesProtocol.NodeActors>();
    }

    /// <summary>Lists the nodes after all earlier messages. A list soon after another one waits for the virtual time.</summary>
    private List<string> Names()
    {
        _nodes.Tell(new NodeProtocol.ListNodes(), TestActor);
        return [.. ExpectMsg<NodeProtocol.ListNodesReply>().Nodes.Select(node => node.Name)];
    }

    /// <summary>A node that looks like one on another machine. Messages to it reach a probe.</summary>
    private sealed class FarNode(TestProbe probe, NodeId id) : MinimalActorRef
    {
        public override ActorPath Path => new RootActorPath(new Address("akka.tcp", "actors", "far", 4711)) / "user" / id.ToString();

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender) => probe.Ref.Tell(message, sender);
    }
}
