using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Messages.Payloads;
using Actors.Remoting.Data;
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

    /// <summary>Without managed objects, nodes or pools, a coordinator would accept messages and answer none.</summary>
    [Theory]
    [InlineData("objects")]
    [InlineData("nodes")]
    [InlineData("pools")]
    public async Task Part_Fails_EndsTheCoordinator(string name)
    {
        Home.ActorSelection(CoordinatorActor.Path / name).Tell(Kill.Instance);

        await Home.WhenTerminated.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("../../escaped")]
    [InlineData("/tmp/escaped")]
    [InlineData("a/../../escaped")]
    public void Offer_PathOutsideTheBundle_IsRefused(string path)
    {
        var (bundle, _) = Bundle([1, 2, 3]);

        _coordinator.Tell(new BundleProtocol.OfferBundle(bundle with { Files = [.. bundle.Files, bundle.Files[0] with { Path = path }] }),
            _client);

        Assert.Contains(path, _client.ExpectMsg<BundleProtocol.BundleRefused>(Patience).Reason, StringComparison.Ordinal);
        AssertNothingStays();
    }

    [Fact]
    public async Task Upload_ContentWithAnotherHash_IsRefused()
    {
        var (bundle, content) = Bundle([1, 2, 3]);
        Assert.IsType<BundleProtocol.BundleContentsNeeded>(OfferBundle(_clientSystem, _client, bundle));

        await LocalData.SendAsync(_clientSystem, Data, DataKey.ForCode(content), [1, 2, 4]);

        Assert.IsType<BundleProtocol.BundleRefused>(OfferBundle(_clientSystem, _client, bundle));
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

    /// <summary>The space is 16 files. Each client fills half of it.</summary>
    [Fact]
    public async Task Offer_StoreIsFull_ReplacesTheCodeOfADisconnectedClient()
    {
        var (secondSystem, thirdSystem) = (StartSystem(), StartSystem());
        var (second, third) = (CreateProbe(secondSystem), CreateProbe(thirdSystem));
        var oldBundle = await UploadBundleAsync(_clientSystem, _client, 1);
        await UploadBundleAsync(secondSystem, second, 2);

        // Both clients are connected, so their code is in use.
        Assert.Contains("full", OfferBundle(thirdSystem, third, CreateBundle(3).Bundle) is BundleProtocol.BundleRefused refused
            ? refused.Reason : "", StringComparison.Ordinal);

        await _clientSystem.Terminate();
        await AwaitAssertAsync(() => Assert.IsType<BundleProtocol.BundleContentsNeeded>(
            OfferBundle(thirdSystem, third, CreateBundle(3).Bundle)), Patience);
        await UploadBundleAsync(thirdSystem, third, 3);
        // The removed code is uploaded again; that of the second client is still stored.
        Assert.IsType<BundleProtocol.BundleStored>(OfferBundle(secondSystem, second, CreateBundle(2).Bundle));
        await thirdSystem.Terminate();
        var fourthSystem = StartSystem();
        var fourth = CreateProbe(fourthSystem);
        await AwaitAssertAsync(() => Assert.IsType<BundleProtocol.BundleContentsNeeded>(OfferBundle(fourthSystem, fourth, oldBundle)),
            Patience);
        await UploadBundleAsync(fourthSystem, fourth, 1);
    }

    [Fact]
    public void Offer_PayloadAboveTheShareOfTheClient_IsRefusedInAllItsPools()
    {
        var pools = new[] { OpenPool(_clientSystem, _client), OpenPool(_clientSystem, _client) };
        pools[0].Tell(new PayloadProtocol.OfferPayload(PayloadId.New(), 1 << 19, default), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadReady>(Patience);

        pools[1].Tell(new PayloadProtocol.OfferPayload(PayloadId.New(), 1, default), _client);

        Assert.Contains("--client-payload-space", _client.ExpectMsg<PayloadProtocol.PayloadRefused>(Patience).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_ClientIsKilled_AreRemoved()
    {
        var (bundle, content) = Bundle([1, 2, 3]);
        Assert.IsType<BundleProtocol.BundleContentsNeeded>(OfferBundle(_clientSystem, _client, bundle));
        await LocalData.SendPartAsync(_clientSystem, Data, DataKey.ForCode(content), [1]);
        var (pool, payload) = (OpenPool(_clientSystem, _client), PayloadId.New());
        pool.Tell(new PayloadProtocol.OfferPayload(payload, 1 << 19, default), _client);
        _client.ExpectMsg<PayloadProtocol.PayloadReady>(Patience);
        await LocalData.SendPartAsync(_clientSystem, Data, DataKey.ForPayload(payload), new byte[1000]);
        await AwaitAssertAsync(() => Assert.Equal(2, FindFiles().Count), Patience);

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

    private object OfferBundle(ActorSystem system, TestProbe client, BundleManifest bundle)
    {
        Seen(CoordinatorActor, system).Tell(new BundleProtocol.OfferBundle(bundle), client);
        return client.ExpectMsg<object>(Patience);
    }

    /// <summary>Uploads a bundle of 448 KiB.</summary>
    private async Task<BundleManifest> UploadBundleAsync(ActorSystem system, TestProbe client, byte number)
    {
        var (bundle, content) = CreateBundle(number);
        Assert.IsType<BundleProtocol.BundleContentsNeeded>(OfferBundle(system, client, bundle));
        var bytes = Enumerable.Repeat(number, (int)bundle.Files[0].Length).ToArray();
        await LocalData.SendAsync(system, Data, DataKey.ForCode(content), bytes);
        Assert.IsType<BundleProtocol.BundleStored>(OfferBundle(system, client, bundle));
        return bundle;
    }

    private static (BundleManifest Bundle, BundleId Content) CreateBundle(byte number) => Bundle([.. Enumerable.Repeat(number, 448 << 10)]);

    private static (BundleManifest Bundle, BundleId Content) Bundle(byte[] bytes)
    {
        var content = BundleId.FromHash(SHA256.HashData(bytes));
        const string name = BundleManifest.ExecutorAssembly;
        return (new BundleManifest([new BundleFile(name, content, bytes.Length)], name, name), content);
    }
}
