using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The builds of one durable pool share the slots of a node, which the test plays. Each has more jobs than slots.</summary>
public sealed class DurablePoolSlotsTests : DurablePoolTestKit
{
    private readonly PoolId _id = PoolId.New();
    private readonly Dictionary<BundleId, int> _granted = [];
    private readonly IActorRef _nodes;
    private readonly IActorRef _pool;
    private readonly TestProbe _node;

    public DurablePoolSlotsTests()
    {
        _nodes = Sys.ActorOf(Props.Create(() => new NodesActor()));
        _node = CreateTestProbe();
        _pool = StartPool(_id, nodes: _nodes);
    }

    [Fact]
    public void Open_TwoBuildsThatWantAllSlots_ShareThemEqually()
    {
        JoinNode(slots: 8);
        OpenAndSubmit(build: 1, processes: 0);
        ExpectGrants((1, 8));

        OpenAndSubmit(build: 2, processes: 0);

        ExpectGrants((1, 4), (2, 4));
    }

    [Fact]
    public void Open_BuildThatWantsLessThanItsShare_LeavesTheRestToTheOther()
    {
        JoinNode(slots: 8);
        OpenAndSubmit(build: 1, processes: 0);

        OpenAndSubmit(build: 2, processes: 2);

        ExpectGrants((1, 6), (2, 2));
    }

    /// <summary>The number of processes is that of each build. A second program of a build does not change it.</summary>
    [Fact]
    public void Open_SecondProgramOfABuild_KeepsTheNumberOfTheFirst()
    {
        JoinNode(slots: 8);
        OpenAndSubmit(build: 1, processes: 2);
        OpenAndSubmit(build: 1, processes: 5);

        OpenAndSubmit(build: 2, processes: 3);

        ExpectGrants((1, 2), (2, 3));
    }

    [Fact]
    public void Close_LastProgramOfABuildWithoutJobs_GivesItsSlotsToTheOther()
    {
        JoinNode(slots: 8);
        var (client, _) = Open(build: 1, processes: 0);
        OpenAndSubmit(build: 2, processes: 0);
        ExpectGrants((1, 4), (2, 4));

        _pool.Tell(new PoolProtocol.ClosePool(), client);

        ExpectGrants((1, 0), (2, 8));
    }

    private void JoinNode(int slots)
    {
        var id = NodeId.New();
        _nodes.Tell(new NodeProtocol.Join(id, "node", slots), _node);
        _node.ExpectMsg<NodeProtocol.JoinAccepted>();
    }

    private (TestProbe Client, long Range) Open(int build, int processes)
    {
        var client = CreateTestProbe();
        client.IgnoreMessages(message => message is PoolProtocol.WorkerStarted or PoolProtocol.WorkerEnded);
        _pool.Tell(new PoolProtocol.OpenPool(_id, Spec(build, processes), SessionId.New(), Range: -1), client);
        return (client, client.ExpectMsg<PoolProtocol.PoolOpened>().Range);
    }

    private void OpenAndSubmit(int build, int processes)
    {
        var (client, range) = Open(build, processes);
        var first = SessionRange.GetStart(range).Value + 1;
        _pool.Tell(
            new PoolProtocol.SubmitJobs([.. Enumerable.Range(0, 100).Select(job => new JobSpec(
                new JobId(first + job), new FunctionRef("f", default), default, new JobPolicy(0, 3)))]),
            client);
        client.ExpectMsg<PoolProtocol.JobsAccepted>();
    }

    /// <summary>Waits until the node provides exactly these numbers of executors for the builds.</summary>
    private void ExpectGrants(params (int Build, int Executors)[] expected)
    {
        var executors = expected.ToDictionary(grant => Bundle(grant.Build), grant => grant.Executors);
        while (!executors.All(grant => _granted.TryGetValue(grant.Key, out var granted) && granted == grant.Value))
        {
            var provide = (NodeProtocol.ProvideExecutors)_node.FishForMessage(message => message is NodeProtocol.ProvideExecutors);
            _granted[provide.Spec.Bundle] = provide.Executors;
        }

        Assert.Equal(executors.Count, _granted.Count);
    }
}
