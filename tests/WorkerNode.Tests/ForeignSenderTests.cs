using Actors.Messages;
using Actors.Messages.Chaos;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Testing;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Joining;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.WorkerNode.Tests;

/// <summary>Messages to the actors of a node that do not come from the coordinator of their session.</summary>
public sealed class ForeignSenderTests : PatientTestKit
{
    private static readonly PoolSpec Spec = new(0, BundleId.ThisProcess, null, default, 0, 0, 0, 0);

    private readonly TestProbe _coordinator;
    private readonly LocalEndpoint _endpoint = LocalEndpoint.Open();

    public ForeignSenderTests() => _coordinator = CreateTestProbe();

    [Fact]
    public void WorkerNode_ProvideFromAnotherMachine_IsRefused()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(MessageRefused));
        var code = new Code(TestActor);
        var node = Sys.ActorOf(Props.Create(() => new WorkerNodeActor("name", code, null, _endpoint)));
        node.Tell(new WorkerNodeActor.SessionStarted(NodeId.New(), ["home"], new FarRef("coordinator", 1)));

        node.Tell(new NodeProtocol.ProvideExecutors(PoolId.New(), Spec, 1), new FarRef("pool", 2));
        Assert.IsType<NodeProtocol.ProvideExecutors>(ExpectMsg<MessageRefused>().Message);
        node.Tell(new NodeProtocol.ProvideExecutors(PoolId.New(), Spec, 1), ActorRefs.NoSender);
        Assert.IsType<NodeProtocol.ProvideExecutors>(ExpectMsg<MessageRefused>().Message);

        node.Tell(new NodeProtocol.ProvideExecutors(PoolId.New(), Spec, 1), new FarRef("pool", 1));
        ExpectMsg("resolve");
    }

    [Fact]
    public void WorkerNode_NamesOfItsActors_AreRandom()
    {
        var names = Enumerable.Range(0, 100).Select(_ => RandomName.NewName("node")).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^node-[0-9a-f]{32}$", name));
    }

    [Theory]
    [MemberData(nameof(ToAnExecutor))]
    public void Executor_MessageFromAnotherMachine_IsRefused(Type type)
    {
        var pool = CreateTestProbe();
        var node = Sys.ActorOf(Props.Create(() => new WorkerNodeActor("name", new OwnCode(), null, _endpoint)));
        node.Tell(new WorkerNodeActor.SessionStarted(NodeId.New(), ["home"], TestActor));
        node.Tell(new NodeProtocol.ProvideExecutors(PoolId.New(), Spec, 1), pool);
        var id = ((NodeProtocol.ExecutorReady)pool.FishForMessage(message => message is NodeProtocol.ExecutorReady)).Executor;
        var executor = pool.LastSender;
        Assert.Matches("/node-|/pool-[0-9a-f]{32}/executor-[0-9a-f]{32}$", executor.Path.ToString());
        Sys.EventStream.Subscribe(TestActor, typeof(MessageRefused));

        foreach (var stranger in new IActorRef[] { new FarRef("pool"), CreateTestProbe(), TestActor })
        {
            executor.Tell(Message(type, id), stranger);
            var refused = ExpectMsg<MessageRefused>();
            Assert.Equal((type, executor), (refused.Message.GetType(), refused.Receiver));
        }

        // The executor repeats that it is ready until its pool answers. Nothing else may have been sent to the pool.
        executor.Tell(new NodeProtocol.KillExecutor(), pool);
        var next = pool.ExpectMsg<IWireMessage>();
        while (next is NodeProtocol.ExecutorReady)
            next = pool.ExpectMsg<IWireMessage>();
        Assert.Equal(ExecutorExitReason.Killed, Assert.IsType<NodeProtocol.ExecutorExited>(next).Exit.Reason);
    }

    public static TheoryData<Type> ToAnExecutor() =>
    [
        typeof(NodeProtocol.RunJobs), typeof(NodeProtocol.RevokeJobs), typeof(NodeProtocol.CancelRunningJob),
            typeof(NodeProtocol.RetireExecutor), typeof(NodeProtocol.KillExecutor),
        typeof(NodeProtocol.TerminateExecutor), typeof(NodeProtocol.RequestJobProgress), typeof(NodeProtocol.ExecutorOutputReceived),
            typeof(NodeProtocol.CompareExecutor),
    ];

    /// <summary>Real connections: the node, its coordinator, and a third process that knows the path of the actor of the session.</summary>
    [Fact]
    public async Task Session_MessageOfAThirdProcess_IsRefused()
    {
        using var node = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var home = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        using var elsewhere = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        var (coordinator, attacker) = (new TestProbe(home, Assertions), new TestProbe(elsewhere, Assertions));
        var (parent, slots) = (new TestProbe(node, Assertions), new TestProbe(node, Assertions));
        var faults = new TestProbe(node, Assertions);
        home.ActorOf(Props.Create(() => new Relay(coordinator)), Endpoints.CoordinatorName);
        var at = Endpoints.SystemAddress(node, ActorSystemStarter.GetAddress(home));
        var offer = new NodeOffer("node", new ExecutorRange(1, 1), NodeTraits.None, TimeSpan.FromSeconds(30), 1, new Code(TestActor), null!,
            _endpoint, faults, new NodeMeter());
        var refusals = new TestProbe(node, Assertions);
        node.EventStream.Subscribe(refusals, typeof(MessageRefused));
        var session = parent.ChildActorOf(Props.Create(() => new SessionActor(at, offer, slots)));
        coordinator.FishForMessage(message => message is CoordinatorProtocol.Handshake);
        coordinator.Reply(new CoordinatorProtocol.HandshakeReply(CoordinatorProtocol.Version, "home", "name"));
        var join = (NodeProtocol.Join)coordinator.FishForMessage(message => message is NodeProtocol.Join);
        coordinator.Reply(new NodeProtocol.JoinAccepted(join.Node));
        parent.ExpectMsg<SessionActor.SessionJoined>();
        var path = new RootActorPath(((ExtendedActorSystem)node).Provider.DefaultAddress) / session.Path.Elements;
        var forged = ((ExtendedActorSystem)elsewhere).Provider.ResolveActorRef(path);

        IWireMessage[] attacks =
        [
            new NodeProtocol.StartDraining(), new NodeProtocol.ProvideExecutors(PoolId.New(), Spec, 1, 1),
                new NodeProtocol.NodeUnknown(join.Node), new NodeProtocol.Heartbeat(join.Node, 5, 5),
            new ChaosProtocol.InjectFault(1, "", new ChaosFault(ChaosFaultKind.KillProcess, 0, 0)),
            new NodeProtocol.JoinAccepted(join.Node), new CoordinatorProtocol.HandshakeReply(CoordinatorProtocol.Version, "home", "name"),
        ];
        foreach (var attack in attacks)
        {
            forged.Tell(attack, attacker);
            Assert.IsType(attack.GetType(), refusals.ExpectMsg<MessageRefused>().Message);
        }

        parent.ExpectNoMsg(TimeSpan.Zero);
        slots.ExpectNoMsg(TimeSpan.Zero);
        faults.ExpectNoMsg(TimeSpan.Zero);
        coordinator.Reply(new NodeProtocol.StartDraining());
        parent.ExpectMsg<JoiningActor.StartDrain>();
        await Task.WhenAll(node.Terminate(), home.Terminate(), elsewhere.Terminate()).WaitAsync(TimeSpan.FromSeconds(30));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _endpoint.Dispose();
    }

    private static object Message(Type type, ExecutorId id) => type.Name switch
    {
        nameof(NodeProtocol.KillExecutor) => new NodeProtocol.KillExecutor(),
        nameof(NodeProtocol.RunJobs) => new NodeProtocol.RunJobs([]),
        nameof(NodeProtocol.CancelRunningJob) => new NodeProtocol.CancelRunningJob(new JobId(1)),
        nameof(NodeProtocol.ExecutorOutputReceived) => new NodeProtocol.ExecutorOutputReceived(false),
        nameof(NodeProtocol.CompareExecutor) => new NodeProtocol.CompareExecutor(id, 0, 5, NodeProtocol.ExpectedExecutorState.IsKilled, []),
        _ => Activator.CreateInstance(type)!,
    };

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef probe) => ReceiveAny(probe.Forward);
    }

    private sealed class Code(IActorRef asked) : ICodeSource
    {
        public Task<CodePaths> ResolveBundleAsync(BundleId bundle, IActorRef coordinator, CancellationToken cancellationToken)
        {
            asked.Tell("resolve");
            return Task.FromException<CodePaths>(new BundleException("no code"));
        }

        public Task<IDisposable?> UseBundleAsync(BundleId bundle) => Task.FromResult<IDisposable?>(null);
    }
}
