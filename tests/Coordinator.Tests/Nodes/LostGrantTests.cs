using System.Collections.Concurrent;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Nodes;

/// <summary>Messages to nodes on other machines that were lost.</summary>
public sealed class LostGrantTests : PatientTestKit
{
    private readonly NodeId _id = NodeId.New();
    private readonly FarNode _node = new();
    private readonly IActorRef _nodes;

    public LostGrantTests()
    {
        _nodes = Sys.ActorOf(Props.Create<NodesActor>());
        _nodes.Tell(new NodeProtocol.Join(_id, "far", 2), _node);
        Assert.IsType<NodeProtocol.JoinAccepted>(_node.Next());
    }

    [Fact]
    public void Provide_UnacknowledgedAtTheSecondHeartbeat_IsSentAgain()
    {
        _nodes.Tell(new NodesProtocol.RequestExecutors(PoolId.New(), PoolSchedule.Spec(), 2), CreateTestProbe());
        var lost = Assert.IsType<NodeProtocol.ProvideExecutors>(_node.Next());
        Assert.Equal(1, lost.Number);

        Assert.IsType<NodeProtocol.Heartbeat>(Beat(0));
        Assert.Equal(lost, Beat(0));
        Assert.IsType<NodeProtocol.Heartbeat>(_node.Next());
        Assert.IsType<NodeProtocol.Heartbeat>(Beat(1));
    }

    [Fact]
    public void Join_RemovedNode_IsRefused()
    {
        _nodes.Tell(new NodeProtocol.NodeLeft(_id), _node);
        _nodes.Tell(new NodeProtocol.Join(_id, "far", 2), _node);
        Assert.Equal(new NodeProtocol.NodeUnknown(_id), _node.Next());
    }

    private object Beat(long provided)
    {
        _nodes.Tell(new NodeProtocol.Heartbeat(_id, Provided: provided), _node);
        return _node.Next();
    }

    /// <summary>A reference that looks like an actor on another machine.</summary>
    private sealed class FarNode : MinimalActorRef
    {
        private readonly BlockingCollection<object> _messages = [];

        public override ActorPath Path { get; } = new RootActorPath(new Address("akka.tcp", "far", "far", 1)) / "node";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        public object Next() => _messages.TryTake(out var message, TimeSpan.FromSeconds(60)) ? message : throw new TimeoutException();

        protected override void TellInternal(object message, IActorRef sender) => _messages.Add(message);
    }
}
