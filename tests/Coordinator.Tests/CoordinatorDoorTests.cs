using System.Security.Authentication;
using System.Text;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests;

/// <summary>What comes over the wire from who has the nodes' key alone, or none: the coordinator and the peer are systems of their own on loopback.</summary>
public sealed class CoordinatorDoorTests : PatientTestKit
{
    private static readonly AccessKey Clients = AccessKey.Of(Encoding.UTF8.GetBytes("of clients"))!;
    private static readonly AccessKey Nodes = AccessKey.Of(Encoding.UTF8.GetBytes("of nodes"))!;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("door-test-").FullName;
    private readonly ActorSystem _home = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.Client()));
    private readonly ActorSystem _peer = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.Client()));
    private readonly TestProbe _words;
    private readonly PoolId _pool = PoolId.New();

    public CoordinatorDoorTests()
    {
        _words = new TestProbe(_peer, Assertions);
        CoordinatorDoor.Open(_home, new BundleStore(_directory), new DoorKeys(Clients, Nodes));
    }

    [Fact]
    public async Task Node_ThatKnowsThePathsBehindItsGate_BringsNoCodeAndOpensNoPool()
    {
        var gate = await PassAsync(Nodes, CoordinatorProtocol.PeerRole.Node);
        gate.Tell(new NodeProtocol.Join(NodeId.New(), "node", 1), _words);
        _words.ExpectMsg<NodeProtocol.Joined>(Patience);
        var nodes = _words.LastSender;
        var coordinator = Actor(nodes.Path.Parent);
        var bundles = Actor(nodes.Path.Parent / "bundles");

        coordinator.Tell(new PoolProtocol.Open(_pool, PoolSchedule.Spec()), _words);
        coordinator.Tell(new BundleProtocol.Offer(Bundle), _words);
        bundles.Tell(new BundleProtocol.Offer(Bundle), _words);
        bundles.Tell(new BundleProtocol.FetchChunk(new BundleId(1, 2), 0), _words);
        Assert.Equal(new BundleId(1, 2), _words.ExpectMsg<BundleProtocol.Refused>(Patience).Subject);
        nodes.Tell(new NodeProtocol.DrainNode("node"), _words);
        Actor(nodes.Path.Parent / $"pool-{_pool}").Tell(new Identify(1), _words);

        // To a drain the node would hear PleaseDrain first.
        Assert.Null(_words.ExpectMsg<ActorIdentity>(Patience).Subject);
    }

    [Fact]
    public async Task Client_WithTheKey_BringsCodeAndOpensAPool()
    {
        var coordinator = await PassAsync(Clients, CoordinatorProtocol.PeerRole.Client);

        coordinator.Tell(new BundleProtocol.Offer(Bundle), _words);
        Assert.Equal(Bundle.Files[0].Content, Assert.Single(_words.ExpectMsg<BundleProtocol.Needed>(Patience).Contents));
        coordinator.Tell(new PoolProtocol.Open(_pool, PoolSchedule.Spec()), _words);
        Assert.Equal(_pool, _words.ExpectMsg<PoolProtocol.Opened>(Patience).Pool);
    }

    [Fact]
    public async Task Node_ThatKnowsAPool_SubmitsNothingToIt()
    {
        var coordinator = await PassAsync(Clients, CoordinatorProtocol.PeerRole.Client);
        coordinator.Tell(new PoolProtocol.Open(_pool, PoolSchedule.Spec()), _words);
        _words.ExpectMsg<PoolProtocol.Opened>(Patience);
        var (pool, node) = (_words.LastSender, new TestProbe(_peer, Assertions));

        pool.Tell(new PoolProtocol.Terminate(), node);
        pool.Tell(new PoolProtocol.Close(), node);
        pool.Tell(new PoolProtocol.Submit([Job]), node);
        pool.Tell(new PoolProtocol.Submit([Job]), _words);

        _words.ExpectMsg<PoolProtocol.Accepted>(Patience);
        _words.ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(CoordinatorProtocol.PeerRole.Client)]
    [InlineData(CoordinatorProtocol.PeerRole.Node)]
    public async Task Peer_WithoutAKey_IsToldNothing(CoordinatorProtocol.PeerRole role) =>
        await Assert.ThrowsAsync<AuthenticationException>(() => PassAsync(null, role));

    protected override void AfterAll()
    {
        Task.WhenAll(_peer.Terminate(), _home.Terminate()).Wait(Patience);
        base.AfterAll();
        Directory.Delete(_directory, recursive: true);
    }

    private static JobSpec Job => new(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, 0, 3);

    private static BundleManifest Bundle => new([new BundleFile(BundleManifest.ExecutorAssembly, new BundleId(3, 4), 5)], BundleManifest.ExecutorAssembly, BundleManifest.ExecutorAssembly);

    /// <returns>Whoever says welcome.</returns>
    private async Task<IActorRef> PassAsync(AccessKey? key, CoordinatorProtocol.PeerRole role)
    {
        var at = ActorSystemStarter.AddressOf(_home);
        var handshake = new Handshake(at, key, role);
        var door = Actor(Endpoints.CoordinatorPath(Endpoints.SystemAddress(_peer, at)));
        door.Tell(handshake.Hello, _words);
        while (handshake.Reply(await _words.ExpectMsgAsync<CoordinatorProtocol.IFromDoor>(Patience)) is { } answer)
            door.Tell(answer, _words);
        return _words.LastSender;
    }

    private IActorRef Actor(ActorPath path) => ((ExtendedActorSystem)_peer).Provider.ResolveActorRef(path);
}
