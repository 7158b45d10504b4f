using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Remoting;
using Actors.Testing;
using Actors.WorkerNode.Executors;
using Actors.WorkerNode.Joining;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>Tests which coordinators a node contacts. The test simulates the coordinators by actor systems on loopback.</summary>
public sealed class JoiningActorTests : PatientTestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LocalEndpoint _endpoint = LocalEndpoint.Open();
    private readonly ActorSystem _node =
        ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateWorkerNode(new HostPort("127.0.0.1", 0), null)));
    private readonly PlayedCoordinator _first;
    private readonly PlayedCoordinator _second;
    private readonly TestProbe _owner;

    public JoiningActorTests()
    {
        (_first, _second) = (new PlayedCoordinator(Assertions), new PlayedCoordinator(Assertions));
        _owner = new TestProbe(_node, Assertions);
        var (at, owner) = (_first.At, _owner);
        var offer = new NodeOffer("node", new ExecutorRange(1, 1), NodeTraits.None, TimeSpan.FromSeconds(30), 1, null!, null!, _endpoint,
            ActorRefs.Nobody, new NodeMeter());
        _node.ActorOf(Props.Create(() => new JoiningActor(new[] { at }, offer, owner)));
    }

    /// <summary>A member could report any coordinator as unreachable.</summary>
    [Fact]
    public void JoiningActor_OfANode_IsNotAClusterMember() =>
        Assert.Equal("remote", _node.Settings.Config.GetString("akka.actor.provider"));

    [Fact]
    public void Session_NamesAnotherCoordinator_StartsASessionWithIt()
    {
        _first.TakeIn(_second.At);
        _owner.ExpectMsg<JoiningActor.ClusterJoined>(Patience);

        _second.TakeIn(_first.At);

        _first.Lose();
        _second.Hears<NodeProtocol.Heartbeat>();
        _owner.ExpectNoMsg(TimeSpan.Zero);
        _second.Lose();
        Assert.Null(_owner.ExpectMsg<JoiningActor.NodeSessionEnded>(Patience).Refusal);
    }

    [Fact]
    public void Session_CoordinatorIsNotNamedAnyMore_EndsItsSession()
    {
        _first.TakeIn(_second.At);
        _second.Hears<CoordinatorProtocol.Handshake>();

        _first.Name();

        // A session that continues sends as often as the first one. Messages that were sent before may still arrive.
        AwaitAssert(
            () =>
            {
                _second.Forget();
                _first.HearsHeartbeats(2);
                _second.HearsNothing();
            },
            Patience);
    }

    protected override void AfterAll()
    {
        Task.WhenAll(_node.Terminate(), _first.EndAsync(), _second.EndAsync()).Wait(Patience);
        base.AfterAll();
        _endpoint.Dispose();
    }

    /// <summary>A coordinator that accepts the node and answers its heartbeats.</summary>
    private sealed class PlayedCoordinator
    {
        private readonly ActorSystem _system = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
        private readonly TestProbe _words;
        private volatile string[] _named = [];

        public PlayedCoordinator(ITestKitAssertions assertions)
        {
            _words = new TestProbe(_system, assertions);
            _system.ActorOf(Props.Create(() => new Answering(this, _words)), Endpoints.CoordinatorName);
        }

        public HostPort At => ActorSystemStarter.GetAddress(_system);

        public bool TakesIn { get; private set; }

        public ImmutableArray<string> Named => [.. _named];

        public void TakeIn(params HostPort[] others)
        {
            Name(others);
            TakesIn = true;
            Hears<NodeProtocol.Heartbeat>();
        }

        public void Name(params HostPort[] others) => _named = [.. others.Select(other => other.ToString())];

        public void Hears<T>() => _words.FishForMessage(message => message is T, Patience);

        /// <summary>Waits for a number of heartbeats from now on.</summary>
        public void HearsHeartbeats(int count)
        {
            Forget();
            for (var i = 0; i < count; i++)
                Hears<NodeProtocol.Heartbeat>();
        }

        public void Forget() => _words.ReceiveWhile<object>(TimeSpan.Zero, _ => new object(), int.MaxValue);

        public void HearsNothing() => _words.ExpectNoMsg(TimeSpan.Zero);

        public void Lose() => _system.Terminate().Wait(Patience);

        public Task EndAsync() => _system.Terminate();
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering(PlayedCoordinator coordinator, IActorRef words) => ReceiveAny(message =>
        {
            words.Forward(message);
            if (!coordinator.TakesIn)
                return;
            if (message is CoordinatorProtocol.Handshake)
                Sender.Tell(new CoordinatorProtocol.HandshakeReply(CoordinatorProtocol.Version, "home", "name"));
            else if (message is NodeProtocol.Join join)
                Sender.Tell(new NodeProtocol.JoinAccepted(join.Node));
            else if (message is NodeProtocol.Heartbeat heartbeat)
                Sender.Tell(new NodeProtocol.Heartbeat(heartbeat.Node, Coordinators: coordinator.Named));
        });
    }
}
