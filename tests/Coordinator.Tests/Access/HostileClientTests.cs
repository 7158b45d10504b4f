using System.Security.Cryptography;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Tests.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Remoting.Payloads;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// A client that violates the rules of bundles and payloads over a real connection is refused, and nothing of it is stored.
/// </summary>
public sealed class HostileClientTests : PatientTestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("hostile-test-").FullName;
    private readonly ActorSystem _home = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
    private readonly ActorSystem _clientSystem = ActorSystemStarter.Start(UnprovenLinks.Of(RoleConfiguration.CreateClient()));
    private readonly PayloadDirectory _payloads;
    private readonly TestProbe _client;
    private readonly IActorRef _coordinator;

    public HostileClientTests()
    {
        _payloads = PayloadDirectory.CreateIn(Path.Combine(_directory, "payloads"));
        _client = new TestProbe(_clientSystem, Assertions);
        var limits = new PayloadLimits(Space: 1 << 20, ClientSpace: 1 << 19, ClientUploads: 4);
        var coordinator = CoordinatorStarter.StartCoordinator(
            _home, new BundleStore(_directory) { Space = 1 << 20 }, null, CoordinatorIdentity.CreateStandalone(), new PayloadStore(_payloads, limits));
        _coordinator = Seen(coordinator);
    }

    [Theory]
    [InlineData("../../escaped")]
    [InlineData("/tmp/escaped")]
    [InlineData("a/../../escaped")]
    public void Offer_PathOutsideTheBundle_IsRefused(string path)
    {
        var (bundle, _) = Bundle([1, 2, 3]);

        _coordinator.Tell(new BundleProtocol.OfferBundle(bundle with { Files = [.. bundle.Files, bundle.Files[0] with { Path = path }] }), _client);

        Assert.Contains(path, _client.ExpectMsg<BundleProtocol.BundleRefused>(Patience).Reason, StringComparison.Ordinal);
        AssertNothingStays();
    }

    [Fact]
    public void Upload_ContentWithAnotherHash_IsRefused()
    {
        var (bundle, content) = Bundle([1, 2, 3]);
        _coordinator.Tell(new BundleProtocol.OfferBundle(bundle), _client);
        _client.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience);

        _coordinator.Tell(new BundleProtocol.BundleChunk(content, 0, new byte[] { 1, 2, 4 }, IsLast: true), _client);

        _client.ExpectMsg<BundleProtocol.BundleRefused>(Patience);
        AssertNothingStays();
    }

    [Fact]
    public void Offer_AboveTheSpace_IsRefused()
    {
        var (bundle, _) = Bundle([1, 2, 3]);
        _coordinator.Tell(new BundleProtocol.OfferBundle(bundle with { Files = [bundle.Files[0] with { Length = 1 << 20 }] }), _client);
        Assert.Contains("--code-space", _client.ExpectMsg<BundleProtocol.BundleRefused>(Patience).Reason, StringComparison.Ordinal);
        AssertNothingStays();
    }

    [Fact]
    public void Offer_PayloadAboveTheShareOfTheClient_IsRefusedInAllItsPools()
    {
        var pools = new[] { OpenPool(), OpenPool() };
        pools[0].Tell(new PayloadProtocol.OfferPayload(PayloadId.New(), 1 << 19, default), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadChunkReceived>(Patience);

        pools[1].Tell(new PayloadProtocol.OfferPayload(PayloadId.New(), 1, default), _client);

        Assert.Contains("--client-payload-space", _client.ExpectMsg<PayloadProtocol.PayloadRefused>(Patience).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_ClientIsKilled_AreRemoved()
    {
        var (bundle, content) = Bundle([1, 2, 3]);
        _coordinator.Tell(new BundleProtocol.OfferBundle(bundle), _client);
        _client.ExpectMsg<BundleProtocol.BundleContentsNeeded>(Patience);
        _coordinator.Tell(new BundleProtocol.BundleChunk(content, 0, new byte[] { 1 }, IsLast: false), _client);
        _client.ExpectMsg<BundleProtocol.BundleChunkReceived>(Patience);
        var (pool, payload) = (OpenPool(), PayloadId.New());
        pool.Tell(new PayloadProtocol.OfferPayload(payload, 1 << 19, default), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadChunkReceived>(Patience);
        pool.Tell(new PayloadProtocol.PayloadChunk(payload, 0, new byte[PayloadProtocol.ChunkLength]), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadChunkReceived>(Patience);
        Assert.Equal(2, Files().Count);

        await _clientSystem.Terminate();

        await AwaitAssertAsync(() => AssertNothingStays(), Patience);
    }

    protected override void AfterAll()
    {
        Task.WhenAll(_clientSystem.Terminate(), _home.Terminate()).Wait(Patience);
        base.AfterAll();
        _payloads.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void AssertNothingStays()
    {
        Assert.Empty(Files());
        Assert.DoesNotContain(OpenFiles.Below(_directory), path => !path.EndsWith(".lock", StringComparison.Ordinal));
    }

    private List<string> Files() =>
        [.. Directory.GetFiles(_directory, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))];

    private IActorRef OpenPool()
    {
        _coordinator.Tell(new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec()), _client);
        _client.ExpectMsg<PoolProtocol.PoolOpened>(Patience);
        return _client.LastSender;
    }

    private static (BundleManifest Bundle, BundleId Content) Bundle(byte[] bytes)
    {
        var content = BundleId.FromHash(SHA256.HashData(bytes));
        const string name = BundleManifest.ExecutorAssembly;
        return (new BundleManifest([new BundleFile(name, content, bytes.Length)], name, name), content);
    }

    /// <summary>Gets the coordinator as the client's actor system sees it.</summary>
    private IActorRef Seen(IActorRef actor) => ((ExtendedActorSystem)_clientSystem).Provider.ResolveActorRef(
        new RootActorPath(((ExtendedActorSystem)_home).Provider.DefaultAddress) / actor.Path.Elements);
}
