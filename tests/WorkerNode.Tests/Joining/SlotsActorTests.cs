using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Actors.WorkerNode.Joining;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>
/// The slots of a node are divided among the pools of several coordinators. Each coordinator grants them as if it were the only one.
/// </summary>
public sealed class SlotsActorTests : PatientTestKit
{
    private static readonly PoolSpec Spec = new(0, BundleId.ThisProcess, null, default, 0, 0, 0, 0);

    private readonly TestProbe _first;
    private readonly TestProbe _second;
    private readonly IActorRef _slots;

    public SlotsActorTests()
    {
        _first = CreateTestProbe();
        _second = CreateTestProbe();
        _slots = Sys.ActorOf(Props.Create(() =>
            new SlotsActor(NodeTraits.None, new ScalingState(new ExecutorRange(4, 4), TimeSpan.FromSeconds(30), 1),
            MachineLoad.ForThisMachine())));
    }

    [Fact]
    public void Grant_OnlyCoordinator_GetsAllOfIt()
    {
        Grant(_first, PoolId.New(), 4);
        Assert.Equal(4, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    [Fact]
    public void Grants_TwoCoordinators_ShareTheSlotsAndReturnThem()
    {
        var (one, other) = (PoolId.New(), PoolId.New());
        Grant(_first, one, 4);
        Assert.Equal(4, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);

        Grant(_second, other, 4);
        Assert.Equal(2, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        Assert.Equal(2, _second.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);

        Grant(_second, other, 0);
        Assert.Equal(0, _second.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
        Assert.Equal(4, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    [Fact]
    public void Slots_OfARange_FollowTheDemand()
    {
        var slots = Sys.ActorOf(Props.Create(() =>
            new SlotsActor(NodeTraits.None, new ScalingState(new ExecutorRange(1, 4), TimeSpan.FromMilliseconds(1), 1),
            new MachineLoad("/nowhere"))));
        slots.Tell(new SlotsActor.ExecutorsGranted(new NodeProtocol.ProvideExecutors(PoolId.New(), Spec, 4), TestActor, _first.Ref));
        Assert.Equal(1, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);

        slots.Tell(new SlotsActor.DemandReported(_first.Ref, Waiting: 10, Idle: 0));
        Assert.Equal(2, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);

        slots.Tell(new SlotsActor.DemandReported(_first.Ref, Waiting: 0, Idle: 2));
        AwaitAssert(() =>
        {
            slots.Tell(new SlotsActor.DemandReported(_first.Ref, Waiting: 0, Idle: 2));
            Assert.Equal(1, _first.ExpectMsg<NodeProtocol.ProvideExecutors>(TimeSpan.FromMilliseconds(100)).Executors);
        });
    }

    [Fact]
    public void Session_ThatEnds_LeavesItsSlotsToTheOthers()
    {
        Grant(_first, PoolId.New(), 4);
        _first.ExpectMsg<NodeProtocol.ProvideExecutors>();
        Grant(_second, PoolId.New(), 4);
        _first.ExpectMsg<NodeProtocol.ProvideExecutors>();
        _second.ExpectMsg<NodeProtocol.ProvideExecutors>();

        Sys.Stop(_second.Ref);

        Assert.Equal(4, _first.ExpectMsg<NodeProtocol.ProvideExecutors>().Executors);
    }

    private void Grant(TestProbe node, PoolId pool, int executors) =>
        _slots.Tell(new SlotsActor.ExecutorsGranted(new NodeProtocol.ProvideExecutors(pool, Spec, executors), TestActor, node.Ref));
}
