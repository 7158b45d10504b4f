using Actors.Coordinator.Chaos;
using Actors.Coordinator.Nodes;
using Actors.Messages.Chaos;
using Actors.Remoting.Chaos;
using Actors.Remoting.Dispatch;
using Actors.Testing;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Chaos;

public sealed class ChaosActorTests : PatientTestKit
{
    private readonly ActorSystem _permitting = ActorSystem.Create(
        "permitting", ActorSystemSetup.Create(new ChaosSetup(), BootstrapSetup.Create()));

    private readonly TestProbe _nodes;
    private readonly TestProbe _node;

    public ChaosActorTests() => (_nodes, _node) = (new TestProbe(_permitting, Assertions), new TestProbe(_permitting, Assertions));

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    public void InjectFault_NotPermitted_IsRefusedForNodesToo(string node)
    {
        var nodes = CreateTestProbe();
        var coordinator = Sys.ActorOf(ActorProps.Create(() => new ChaosActor(nodes, null, true)));

        coordinator.Tell(Request(node, ChaosFaultKind.KillProcess));

        var refused = ExpectMsg<ChaosProtocol.FaultRefused>();
        Assert.Equal(7, refused.Number);
        Assert.Contains("does not permit chaos. Restart it with --allow-chaos.", refused.Reason, StringComparison.Ordinal);
        nodes.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void InjectFault_OfAWorkerAtTheCoordinator_IsRefused()
    {
        Start().Tell(Request("", ChaosFaultKind.KillWorker));

        Assert.Contains("no workers", ExpectMsg<ChaosProtocol.FaultRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void InjectFault_OfAnUnknownNode_IsRefused()
    {
        Start().Tell(Request("other", ChaosFaultKind.KillWorker));
        AnswerWithNode();

        Assert.Contains("No node is named other", ExpectMsg<ChaosProtocol.FaultRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void InjectFault_OfANode_ReturnsItsReply()
    {
        var coordinator = Start();
        coordinator.Tell(Request("n", ChaosFaultKind.KillWorker));
        AnswerWithNode();
        var forwarded = _node.ExpectMsg<ChaosProtocol.InjectFault>();

        coordinator.Tell(new ChaosProtocol.FaultRefused(forwarded.Number, "from elsewhere"), new FarRef("stranger", 2));
        coordinator.Tell(new ChaosProtocol.FaultRefused(forwarded.Number + 1, "of another request"), _node);
        coordinator.Tell(new ChaosProtocol.FaultRefused(forwarded.Number, "not permitted"), _node);

        Assert.Equal(new ChaosProtocol.FaultRefused(7, "not permitted"), ExpectMsg<ChaosProtocol.FaultRefused>());
        coordinator.Tell(new ChaosProtocol.FaultRefused(forwarded.Number, "again"), _node);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void ListTargets_NamesTheNodes()
    {
        Start().Tell(new ChaosProtocol.ListTargets());
        AnswerWithNode();

        var reply = ExpectMsg<ChaosProtocol.ListTargetsReply>();
        Assert.Equal("n", Assert.Single(reply.Nodes).Name);
        Assert.True(reply is { IsMember: true, HasStore: true });
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _permitting.Terminate().Wait(TimeSpan.FromSeconds(30));
    }

    private IActorRef Start() => StartWith(_nodes);

    private IActorRef StartWith(IActorRef nodes) => _permitting.ActorOf(ActorProps.Create(() => new ChaosActor(nodes, null, true)));

    private static ChaosProtocol.InjectFault Request(string node, ChaosFaultKind kind) => new(7, node, new ChaosFault(kind, 100, 3));

    private void AnswerWithNode()
    {
        _nodes.ExpectMsg<NodesProtocol.GetNodeActors>();
        _nodes.Reply(new NodesProtocol.NodeActors(new Dictionary<string, IActorRef> { ["n"] = _node }));
    }
}
