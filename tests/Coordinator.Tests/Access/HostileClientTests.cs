using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Payloads;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Access;

/// <summary>
/// A client that violates the rules of bundles and payloads over a real connection is refused, and nothing of it is stored.
/// </summary>
public sealed class HostileClientTests : CoordinatorTestKit
{
    private readonly ActorSystem _clientSystem;
    private readonly TestProbe _client;
    private readonly IActorRef _coordinator;

    public HostileClientTests() : base(space: 1 << 20)
    {
        _clientSystem = StartSystem();
        _client = CreateProbe(_clientSystem);
        _coordinator = Seen(CoordinatorActor, _clientSystem);
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
        var pools = new[] { OpenPool(_clientSystem, _client), OpenPool(_clientSystem, _client) };
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
        var (pool, payload) = (OpenPool(_clientSystem, _client), PayloadId.New());
        pool.Tell(new PayloadProtocol.OfferPayload(payload, 1 << 19, default), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadChunkReceived>(Patience);
        pool.Tell(new PayloadProtocol.PayloadChunk(payload, 0, new byte[PayloadProtocol.ChunkLength]), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadChunkReceived>(Patience);
        Assert.Equal(2, FindFiles().Count);

        await _clientSystem.Terminate();

        await AwaitAssertAsync(() => AssertNothingStays(), Patience);
    }

    private void AssertNothingStays()
    {
        Assert.Empty(FindFiles());
        Assert.DoesNotContain(OpenFiles.Below(Files), path => !path.EndsWith(".lock", StringComparison.Ordinal));
    }

    private List<string> FindFiles() =>
        [.. Directory.GetFiles(Files, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))];

    private static (BundleManifest Bundle, BundleId Content) Bundle(byte[] bytes)
    {
        var content = BundleId.FromHash(SHA256.HashData(bytes));
        const string name = BundleManifest.ExecutorAssembly;
        return (new BundleManifest([new BundleFile(name, content, bytes.Length)], name, name), content);
    }
}
