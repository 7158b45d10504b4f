using System.Security.Cryptography;
using Actors.Coordinator.Bundles;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;
using Akka.Actor.Dsl;
using Akka.Remote;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Bundles;

/// <summary>
/// Code passes from a client's builder through the coordinator's store to a node's. Client, coordinator and node are one actor system.
/// </summary>
public sealed class BundlesActorTests : PatientTestKit
{
    private static readonly BundleBuilder Program = BundleBuilder.BuildForThisProcess([]);

    private static readonly HostPort Client = new("127.0.0.1", 1);

    private readonly string _directory = Directory.CreateTempSubdirectory("bundles-test-").FullName;
    private readonly List<DataListener> _listeners = [];
    private readonly BundleStore _nodeStore;
    private readonly DataListener _data;
    private readonly IActorRef _bundles;

    public BundlesActorTests()
    {
        LocalData.Connect(Sys, Client, LinkRole.Node);
        _nodeStore = new BundleStore(Path.Combine(_directory, "node"));
        _data = StartListening();
        _bundles = StartBundles(new BundleStore(Path.Combine(_directory, "coordinator")), _data);
    }

    [Fact]
    public async Task Fetch_AfterUpload_ReturnsTheSameFiles()
    {
        var id = await UploadAsync();
        Assert.Equal(Program.Manifest.ComputeId(), id);
        var code = await new BundleFetcher(_nodeStore).ResolveBundleAsync(id, _bundles, CancellationToken.None);
        var directory = Path.GetDirectoryName(code.ExecutorAssembly)!;
        Assert.All(Program.Manifest.Files, file => Assert.Equal(
            File.ReadAllBytes(Program.PathOf(file.Content)), File.ReadAllBytes(Path.Combine(directory, file.Path))));
        Assert.Equal(code, await new BundleFetcher(_nodeStore).ResolveBundleAsync(id, ActorRefs.Nobody, CancellationToken.None));
    }

    [Fact]
    public void Fetch_BundleOfAnotherCoordinator_CopiesItOnceAndReportsProgress()
    {
        var (peers, other, nodes) = (CreateTestProbe(), CreateTestProbe(), new[] { CreateTestProbe(), CreateTestProbe() });
        var bundles = StartBundles(new BundleStore(Path.Combine(_directory, "alone")), _data, peers.Ref);
        var bundle = Program.Manifest.ComputeId();

        foreach (var node in nodes)
            bundles.Tell(new BundleProtocol.FetchBundle(bundle, IsLocalOnly: false), node);
        peers.ExpectMsg<PeersProtocol.GetPeers>();
        peers.Reply(new PeersProtocol.PeersReply([new PeersProtocol.PeerCoordinator(1, other.Ref)], IsComplete: true));
        other.ExpectMsg<BundleProtocol.FetchBundle>();

        foreach (var node in nodes)
        {
            node.ExpectMsg<BundleProtocol.BundlePending>();
            bundles.Tell(new BundleProtocol.FetchBundle(bundle, IsLocalOnly: false), node);
        }

        other.Reply(new BundleProtocol.BundleRefused(bundle, "It is not here."));
        foreach (var node in nodes)
            node.FishForMessage(message => message is BundleProtocol.BundleRefused);
        other.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>A node asked for unknown bundles without end: the requests of others were refused, which ended their pools.</summary>
    [Fact]
    public void Fetch_ManyUnknownBundlesOfANode_WaitInsteadOfRefusals()
    {
        var (peers, node) = (CreateTestProbe(), CreateTestProbe());
        var bundles = StartBundles(new BundleStore(Path.Combine(_directory, "flooded")), _data, peers.Ref);
        var last = new BundleId(9, 1000);

        for (var bundle = 0; bundle < 200; bundle++)
            bundles.Tell(new BundleProtocol.FetchBundle(new BundleId(9, (UInt128)bundle), IsLocalOnly: false), node);
        bundles.Tell(new BundleProtocol.FetchBundle(last, IsLocalOnly: true), node);

        var first = node.FishForMessage(message => message is not BundleProtocol.BundlePending);
        Assert.Equal(last, Assert.IsType<BundleProtocol.BundleRefused>(first).Subject);
        for (var copy = 0; copy < 4; copy++)
            peers.ExpectMsg<PeersProtocol.GetPeers>();
        peers.ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("contents")]
    [InlineData("manifests")]
    public async Task Fetch_StoreCannotBeWritten_IsRefusedWithTheReason(string directory)
    {
        var (peers, node) = (CreateTestProbe(), CreateTestProbe());
        var path = Path.Combine(_directory, "unwritable");
        var bundles = StartBundles(new BundleStore(path), _data, peers.Ref);
        var otherData = StartListening();
        var other = StartBundles(new BundleStore(Path.Combine(_directory, "other")), otherData);
        var bundle = await OfferAsync(other, otherData);
        // A file in place of the directory, because root may write into any directory.
        Directory.Delete(Path.Combine(path, directory));
        File.WriteAllText(Path.Combine(path, directory), "");

        bundles.Tell(new BundleProtocol.FetchBundle(bundle, IsLocalOnly: false), node);
        peers.ExpectMsg<PeersProtocol.GetPeers>();
        peers.Reply(new PeersProtocol.PeersReply([new PeersProtocol.PeerCoordinator(1, other)], IsComplete: true));

        var refused = (BundleProtocol.BundleRefused)node.FishForMessage(message => message is BundleProtocol.BundleRefused);
        Assert.Equal(bundle, refused.Subject);
        Assert.Contains("cannot store the code: a file", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(path, refused.Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(path, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Fetch_BundleIsBeingCopied_AsksAgain()
    {
        var (coordinator, bundle) = (CreateTestProbe(), Program.Manifest.ComputeId());
        var fetching = new BundleFetcher(_nodeStore).ResolveBundleAsync(bundle, coordinator.Ref, CancellationToken.None);

        coordinator.ExpectMsg<BundleProtocol.FetchBundle>();
        coordinator.Reply(new BundleProtocol.BundlePending(bundle));
        coordinator.ExpectMsg<BundleProtocol.FetchBundle>();
        coordinator.Reply(new BundleProtocol.BundleRefused(bundle, "It is not here."));

        await Assert.ThrowsAsync<BundleException>(() => fetching);
    }

    /// <summary>Two pools of a program need the same code.</summary>
    [Fact]
    public async Task Upload_TwiceByOneProgram_CompletesForBoth()
    {
        var uploader = new BundleUploader(_bundles);
        var ids = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => uploader.UploadBundleAsync(Program, CancellationToken.None)));
        Assert.Equal([Program.Manifest.ComputeId(), Program.Manifest.ComputeId()], ids);
        Assert.Empty(Uploads());
    }

    [Fact]
    public async Task Upload_AfterAnotherStopped_Continues()
    {
        var large = Program.Manifest.Files.First(file => file.Length > DataPump.BufferLength).Content;
        var first = File.ReadAllBytes(Program.PathOf(large))[..DataPump.BufferLength];
        await OfferContentsAsync(Program.Manifest);
        await LocalData.SendPartAsync(Sys, _data, DataKey.ForCode(large), first);
        await AwaitAssertAsync(() => Assert.Equal(first.Length, new FileInfo(Assert.Single(Uploads())).Length));

        await OfferContentsAsync(Program.Manifest);

        Assert.Equal(first.Length, await LocalData.SendPartAsync(Sys, _data, DataKey.ForCode(large), []));
        Assert.Equal(Program.Manifest.ComputeId(), await UploadAsync());
    }

    [Fact]
    public async Task Upload_FileHasChanged_NamesIt()
    {
        var path = Path.Combine(_directory, "settings.txt");
        await File.WriteAllTextAsync(path, "old");
        var bundle = BundleBuilder.BuildForThisProcess([path]);
        await File.WriteAllTextAsync(path, "newer");

        var exception = await Assert.ThrowsAsync<BundleException>(
            () => new BundleUploader(_bundles).UploadBundleAsync(bundle, CancellationToken.None));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_ContentWithAnotherHash_IsRefusedAndRemoved()
    {
        var manifest = Offered("small", 5);
        await OfferContentsAsync(manifest);
        await LocalData.SendAsync(Sys, _data, KeyOf(manifest), new byte[5]);

        var answer = await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(manifest));

        Assert.Contains("have the hash", answer.Reason, StringComparison.Ordinal);
        Assert.Empty(Files());
        Assert.DoesNotContain(OpenFiles.Below(_directory), IsContent);
        // The client can upload the right bytes.
        await OfferContentsAsync(manifest);
        Assert.Equal(0, await LocalData.SendPartAsync(Sys, _data, KeyOf(manifest), []));
    }

    [Fact]
    public async Task Upload_ContentWasNotOffered_IsRefused()
    {
        await Assert.ThrowsAsync<DataRefusedException>(
            () => LocalData.SendAsync(Sys, _data, DataKey.ForCode(new BundleId(1, 2)), new byte[5]));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Upload_BeyondTheOfferedLength_StoresTheOfferedLength()
    {
        var manifest = Offered("small", 5);
        await OfferContentsAsync(manifest);

        await LocalData.SendPartAsync(Sys, _data, KeyOf(manifest), new byte[9]);

        // A new connection would replace the first one, also before it has read the bytes.
        await AwaitAssertAsync(() => Assert.Equal(5, new FileInfo(Assert.Single(Uploads())).Length));
        Assert.Equal(5, await LocalData.SendPartAsync(Sys, _data, KeyOf(manifest), []));
    }

    [Fact]
    public async Task Client_Disconnects_UploadsAreRemoved()
    {
        var manifest = Offered("small", 5);
        await OfferContentsAsync(manifest);
        await LocalData.SendPartAsync(Sys, _data, KeyOf(manifest), new byte[1]);
        await AwaitAssertAsync(() => Assert.Single(Uploads()));

        Sys.EventStream.Publish(new DisassociatedEvent(
            Address.AllSystems, new Address("akka.tcp", "actors", Client.Host, Client.Port), inbound: true));

        await AwaitAssertAsync(() => Assert.Empty(Uploads()));
        await AwaitAssertAsync(() => Assert.DoesNotContain(OpenFiles.Below(_directory), IsContent));
        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(Sys, _data, KeyOf(manifest), new byte[5]));
    }

    [Fact]
    public async Task Offer_HugeBundle_IsRefusedAndTheNextIsAccepted()
    {
        var many = Offered("many", [.. Enumerable.Range(0, 10_000).Select(_ => 5)]);
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(many));
        var huge = many with { Files = [many.Files[0] with { Length = long.MaxValue }] };
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(huge));
        await OfferContentsAsync(Program.Manifest);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Offer_WithoutSpace_IsRefusedWithTheRemedy()
    {
        var store = new BundleStore(Path.Combine(_directory, "small")) { Space = 1 << 20 };
        var uploader = new BundleUploader(StartBundles(store, _data));

        var exception = await Assert.ThrowsAsync<BundleException>(() => uploader.UploadBundleAsync(Program, CancellationToken.None));

        Assert.Contains("--code-space", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    /// <summary>The manifest takes disk space too, even if no content must be uploaded.</summary>
    [Fact]
    public async Task Offer_TooManyBundlesOfOneContent_IsRefused()
    {
        var data = StartListening();
        var bundles = StartBundles(new BundleStore(Path.Combine(_directory, "small")) { Space = 1 << 20 }, data);
        await OfferAsync(bundles, data);
        var code = new BundleFile(BundleManifest.ExecutorAssembly, BundleId.FromHash(SHA256.HashData(new byte[5])), 5);
        var taken = 1;
        while (await bundles.Ask(new BundleProtocol.OfferBundle(
            new BundleManifest([code, code with { Path = $"{taken}" }], code.Path, code.Path))) is BundleProtocol.BundleStored)
            taken++;
        Assert.InRange(taken, 2, (1 << 20) / (64 << 10));
    }

    /// <summary>Each bundle in use has an open file.</summary>
    [Fact]
    public async Task Offer_MoreBundlesThanAClientMayUse_IsRefused()
    {
        await OfferAsync(_bundles, _data);
        var code = new BundleFile(BundleManifest.ExecutorAssembly, BundleId.FromHash(SHA256.HashData(new byte[5])), 5);
        var used = 1;
        object answer;
        while ((answer = await _bundles.Ask(new BundleProtocol.OfferBundle(
            new BundleManifest([code, code with { Path = $"{used}" }], code.Path, code.Path)))) is BundleProtocol.BundleStored)
            used++;
        Assert.Equal(256, used);
        Assert.Contains("limit of one program", Assert.IsType<BundleProtocol.BundleRefused>(answer).Reason, StringComparison.Ordinal);
        // A bundle that is in use already is not counted again.
        Assert.IsType<BundleProtocol.BundleStored>(await _bundles.Ask(new BundleProtocol.OfferBundle(new BundleManifest(
            [code], code.Path, code.Path))));
    }

    [Fact]
    public async Task Upload_TimedOut_IsRemoved()
    {
        using var system = ActorSystem.Create("virtual", "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"");
        LocalData.Connect(system, Client);
        var data = StartListening();
        var code = new CodeStore(new BundleStore(Path.Combine(_directory, "virtual")), data);
        var bundles = system.ActorOf(Props.Create(() => new BundlesActor(code, null)));
        var many = Offered("many", [.. Enumerable.Range(0, 9).Select(_ => 5)]);
        await bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(many));
        foreach (var file in many.Files)
            await LocalData.SendPartAsync(system, data, DataKey.ForCode(file.Content), new byte[1]);
        await AwaitAssertAsync(() => Assert.Equal(9, Uploads().Length));

        await AwaitAssertAsync(() =>
        {
            ((TestScheduler)system.Scheduler).Advance(TimeSpan.FromSeconds(60));
            Assert.Empty(Uploads());
        });

        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(system, data, KeyOf(many), new byte[5]));
        var other = Offered("other", 5);
        await bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(other));
        await LocalData.SendAsync(system, data, KeyOf(other), new byte[5]);
        await system.Terminate();
        Assert.Empty(Uploads());
    }

    [Fact]
    public async Task Upload_DiskIsFull_IsRefusedWithTheReason()
    {
        var manifest = Offered("small", 5);
        await OfferContentsAsync(manifest);
        // A directory in place of the file, because the disk of a test is not full.
        var uploads = Assert.Single(Directory.GetDirectories(Path.Combine(_directory, "coordinator", "uploads")));
        var directory = Directory.CreateDirectory(Path.Combine(uploads, "0"));

        var exception = await Assert.ThrowsAsync<DataRefusedException>(
            () => LocalData.SendAsync(Sys, _data, KeyOf(manifest), new byte[5]));

        Assert.Contains("cannot store the content", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), exception.Message, StringComparison.Ordinal);
        // A later offer begins again.
        directory.Delete();
        await OfferContentsAsync(manifest);
        await LocalData.SendAsync(Sys, _data, KeyOf(manifest), new byte[5]);
    }

    [Fact]
    public async Task Offer_InvalidManifest_IsRefusedAndTheActorContinues()
    {
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(null!));
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(new BundleManifest(default, null!, null!)));
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(new BundleManifest([null!], "a", "b")));
        await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.OfferBundle(new BundleManifest([new BundleFile("../x", default, 1)], "a", "b")));
        await OfferContentsAsync(Program.Manifest);
    }

    [Fact]
    public async Task Fetch_UnknownBundle_Throws() => await Assert.ThrowsAsync<BundleException>(() =>
        new BundleFetcher(_nodeStore).ResolveBundleAsync(Program.Manifest.ComputeId(), _bundles, CancellationToken.None));

    /// <summary>A power failure has truncated a file, or it was removed with another bundle.</summary>
    [Fact]
    public async Task Fetch_ContentIsMissing_DownloadsItAgain()
    {
        var id = await UploadAsync();
        await new BundleFetcher(_nodeStore).CopyBundleAsync(id, _bundles, isFromStoreOnly: true);
        var content = Path.Combine(_directory, "node", "contents", Program.Manifest.Files[0].Content.ToString());
        File.Delete(content);

        await new BundleFetcher(_nodeStore).ResolveBundleAsync(id, _bundles, CancellationToken.None);

        Assert.True(File.Exists(content));
    }

    [Fact]
    public async Task Fetch_AnsweredWithAnotherManifest_IsRefused()
    {
        var other = Program.Manifest with { Files = Program.Manifest.Files.RemoveAt(Program.Manifest.Files.Length - 1) };
        await RefusesAsync(new BundleProtocol.FetchBundleReply(other, _data.Port));
        await RefusesAsync(new BundleProtocol.FetchBundleReply(null!, _data.Port));
        await RefusesAsync(new BundleProtocol.FetchBundleReply(new BundleManifest(default, null!, null!), _data.Port));
        await RefusesAsync(new BundleProtocol.BundleStored(default));
    }

    [Fact]
    public async Task Fetch_AnsweredWithOtherBytes_IsRefusedAndRemoved()
    {
        var lengths = Program.Manifest.Files.ToLookup(file => file.Content, file => file.Length);
        await RefusesAsync(0, content => new byte[lengths[content].First()]);
        await RefusesAsync(1, content => new byte[lengths[content].First() + 1]);
        await RefusesAsync(2, _ => []);
        await RefusesAsync(new BundleProtocol.FetchBundleReply(Program.Manifest, Port: 0));
        await RefusesAsync(new BundleProtocol.FetchBundleReply(Program.Manifest, Port: 70_000));
        Assert.Empty(Directory.GetFiles(Path.Combine(_directory, "node"), "*", SearchOption.AllDirectories));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _listeners.ForEach(listener => listener.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    private static bool IsContent(string path) => !path.EndsWith(".lock", StringComparison.Ordinal);

    private string[] Files() => [.. Directory.GetFiles(_directory, "*", SearchOption.AllDirectories).Where(IsContent)];

    /// <summary>The files of uploads that are not stored yet.</summary>
    private string[] Uploads() => [.. Files().Where(path => path.Contains("/uploads/", StringComparison.Ordinal))];

    private DataListener StartListening()
    {
        var listener = LocalData.StartListening();
        _listeners.Add(listener);
        return listener;
    }

    private IActorRef StartBundles(BundleStore store, DataListener data, IActorRef? peers = null)
    {
        var code = new CodeStore(store, data);
        return Sys.ActorOf(Props.Create(() => new BundlesActor(code, peers)));
    }

    private Task<BundleId> UploadAsync() => new BundleUploader(_bundles).UploadBundleAsync(Program, CancellationToken.None);

    private Task OfferContentsAsync(BundleManifest manifest) =>
        _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(manifest));

    private static DataKey KeyOf(BundleManifest manifest) => DataKey.ForCode(manifest.Files[0].Content);

    /// <summary>Uploads a bundle of one small file.</summary>
    private async Task<BundleId> OfferAsync(IActorRef coordinator, DataListener data)
    {
        var code = new byte[5];
        var file = new BundleFile(BundleManifest.ExecutorAssembly, BundleId.FromHash(SHA256.HashData(code)), code.Length);
        var manifest = new BundleManifest([file], BundleManifest.ExecutorAssembly, BundleManifest.ExecutorAssembly);
        await coordinator.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(manifest));
        await LocalData.SendAsync(Sys, data, KeyOf(manifest), code);
        return (await coordinator.Ask<BundleProtocol.BundleStored>(new BundleProtocol.OfferBundle(manifest))).Bundle;
    }

    /// <summary>Creates a manifest of unknown contents.</summary>
    private static BundleManifest Offered(string name, params int[] lengths) => new(
        [.. lengths.Select((length, index) =>
            new BundleFile(index == 0 ? BundleManifest.ExecutorAssembly : $"{name}{index}", new BundleId((UInt128)name[0], (UInt128)index),
            length))],
        BundleManifest.ExecutorAssembly, BundleManifest.ExecutorAssembly);

    /// <summary>Checks that a fetch fails with invalid bytes of a coordinator.</summary>
    private async Task RefusesAsync(int number, Func<BundleId, byte[]> read)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory, $"liar{number}")).FullName;
        var data = StartListening();
        data.Files.ServeCode(content =>
        {
            var path = Path.Combine(directory, $"{content}");
            File.WriteAllBytes(path, read(content));
            return File.OpenRead(path);
        });
        await RefusesAsync(new BundleProtocol.FetchBundleReply(Program.Manifest, data.Port));
    }

    /// <summary>Checks that a fetch fails with an invalid answer of a coordinator.</summary>
    private async Task RefusesAsync(IWireMessage answer)
    {
        var liar = Sys.ActorOf(actor =>
            actor.Receive<BundleProtocol.FetchBundle>((_, context) => context.Sender.Tell(answer)));
        await Assert.ThrowsAsync<BundleException>(() =>
            new BundleFetcher(_nodeStore).ResolveBundleAsync(Program.Manifest.ComputeId(), liar, CancellationToken.None));
    }
}
