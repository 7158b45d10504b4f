using System.Runtime.InteropServices;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>A node joins with absurd data. The coordinator continues, and other nodes are not affected.</summary>
public sealed class HostileNodeTests : CoordinatorTestKit
{
    private readonly ActorSystem _hostileSystem;
    private readonly ActorSystem _otherSystem;
    private readonly TestProbe _hostile;
    private readonly TestProbe _other;

    public HostileNodeTests() : base(space: 1 << 20)
    {
        (_hostileSystem, _otherSystem) = (StartSystem(), StartSystem());
        (_hostile, _other) = (CreateProbe(_hostileSystem), CreateProbe(_otherSystem));
    }

    private static decimal NotANumber => MemoryMarshal.Cast<int, decimal>([0x00FF1234, -1, -1, -1])[0];

    [Fact]
    public void Join_HugeResources_DoesNotHarmTheCoordinator()
    {
        var huge = new ResourceAmount("gpu", decimal.MaxValue);
        var negative = new ResourceAmount("gpu", decimal.MinValue);
        Join(_hostile, new NodeTraits([], [huge, huge, new ResourceAmount("gpu", NotANumber), negative]));
        _hostile.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
        var spec = PoolSchedule.Spec() with { Needs = new NodeTraits([], [huge, huge, new ResourceAmount("gpu", NotANumber)]) };
        Seen(CoordinatorActor, _otherSystem).Tell(new PoolProtocol.OpenPool(PoolId.New(), spec), _other);
        _other.ExpectMsg<PoolProtocol.PoolOpened>(Patience);

        AssertContinues();
    }

    [Fact]
    public void Join_ManyIdsFromOneProgram_FewAreAccepted()
    {
        for (var node = 0; node < 200; node++)
            Join(_hostile, NodeTraits.None, NodeId.New());

        // Behind the messages of the same program.
        Seen(CoordinatorActor, _hostileSystem).Tell(new NodeProtocol.ListNodes(), _hostile);
        var listed = (NodeProtocol.ListNodesReply)_hostile.FishForMessage(message => message is NodeProtocol.ListNodesReply, Patience);
        Assert.InRange(listed.Nodes.Length, 1, 16);
        AssertContinues();
    }

    [Fact]
    public void Join_AbsurdSlotsOfManyIds_CountTogether()
    {
        for (var node = 0; node < 10; node++)
            Join(_hostile, NodeTraits.None, NodeId.New(), slots: 3000);

        Seen(CoordinatorActor, _hostileSystem).Tell(new NodeProtocol.ListNodes(), _hostile);
        var listed = (NodeProtocol.ListNodesReply)_hostile.FishForMessage(message => message is NodeProtocol.ListNodesReply, Patience);
        Assert.Equal(4096, listed.Nodes.Sum(node => node.Slots));
        AssertContinues();
    }

    [Fact]
    public void Join_LongNames_AreRefused()
    {
        var refusals = CreateProbe(Home);
        Home.EventStream.Subscribe(refusals, typeof(MessageRefused));
        var text = new string('x', 1 << 20);
        Join(_hostile, NodeTraits.None, name: text);
        Join(_hostile, new NodeTraits([text], []));
        Join(_hostile, new NodeTraits([], [new ResourceAmount(text, 1)]));
        Join(_hostile, new NodeTraits([.. Enumerable.Range(0, 2000).Select(label => $"{label}")], []));

        for (var refused = 0; refused < 4; refused++)
            Assert.IsType<NodeProtocol.Join>(refusals.ExpectMsg<MessageRefused>(Patience).Message);
        AssertContinues();
        _hostile.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>Labels and resources of nodes count toward no limit of a client: those of 500 nodes filled the memory.</summary>
    [Fact]
    public void Join_LargeTraits_AreLimitedForAnAddress()
    {
        var refusals = CreateProbe(Home);
        Home.EventStream.Subscribe(refusals, typeof(MessageRefused));
        static NodeTraits CreateTraits(int labels) => new([.. Enumerable.Range(0, labels).Select(label => $"{label:D200}")], []);

        Join(_hostile, CreateTraits(200));
        Assert.IsType<NodeProtocol.Join>(refusals.ExpectMsg<MessageRefused>(Patience).Message);
        Join(_hostile, CreateTraits(100));
        _hostile.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
        Join(_hostile, CreateTraits(100));
        Assert.IsType<NodeProtocol.Join>(refusals.ExpectMsg<MessageRefused>(Patience).Message);

        Join(_other, CreateTraits(100));
        _other.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
        AssertContinues();
    }

    /// <summary>The needs of a pool counted toward no limit, and were compared with the labels of each node.</summary>
    [Fact]
    public void OpenPool_ManyOrLongNeeds_IsRefused()
    {
        foreach (var needs in new[]
        {
            new NodeTraits([new string('x', 1 << 20)], []), new NodeTraits([.. Enumerable.Range(0, 2000).Select(label => $"{label}")], []),
        })
        {
            Seen(CoordinatorActor, _hostileSystem).Tell(
                new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec() with { Needs = needs }), _hostile);
            Assert.Contains("labels", _hostile.ExpectMsg<PoolProtocol.PoolRefused>(Patience).Reason, StringComparison.Ordinal);
        }

        AssertContinues();
    }

    /// <summary>The list of an operator fits into a message, for all names of clients.</summary>
    [Fact]
    public void ListPools_LongNames_AreCut()
    {
        for (var pool = 0; pool < 30; pool++)
        {
            var spec = PoolSchedule.Spec() with { Name = new string('x', 1 << 20) };
            Seen(CoordinatorActor, _hostileSystem).Tell(new PoolProtocol.OpenPool(PoolId.New(), spec), _hostile);
            _hostile.ExpectMsg<PoolProtocol.PoolOpened>(Patience);
        }

        Seen(CoordinatorActor, _otherSystem).Tell(new PoolProtocol.ListPools(), _other);
        var listed = _other.ExpectMsg<PoolProtocol.ListPoolsReply>(Patience);
        Assert.All(listed.Pools, pool => Assert.InRange(pool.Name.Length, 100, 2000));
    }

    private void Join(TestProbe sender, NodeTraits traits, NodeId? id = null, string name = "hostile", int slots = 1) =>
        Seen(CoordinatorActor, sender.Sys).Tell(new NodeProtocol.Join(id ?? NodeId.New(), name, slots, traits), sender);

    private void AssertContinues()
    {
        var node = CreateProbe(_otherSystem);
        Join(node, NodeTraits.None, name: "honest");
        node.ExpectMsg<NodeProtocol.JoinAccepted>(Patience);
        Seen(CoordinatorActor, _otherSystem).Tell(new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec()), _other);
        _other.ExpectMsg<PoolProtocol.PoolOpened>(Patience);
        node.ExpectMsg<NodeProtocol.ProvideExecutors>(Patience);
    }
}
