using System.Security.Cryptography;
using Actors.Coordinator.Bundles;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Bundles;
using Actors.Remoting.Bundles;
using Actors.Testing;
using Akka.Actor;
using Akka.Actor.Dsl;
using Akka.Remote;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Bundles;

/// <summary>Code passes from a client's builder through the coordinator's store to a node's.</summary>
public sealed class BundlesActorTests : PatientTestKit
{
    private static readonly BundleBuilder Program = BundleBuilder.BuildForThisProcess([]);

    private readonly string _directory = Directory.CreateTempSubdirectory("bundles-test-").FullName;
    private readonly BundleStore _nodeStore;
    private readonly IActorRef _bundles;

    public BundlesActorTests()
    {
        _nodeStore = new BundleStore(Path.Combine(_directory, "node"));
        var store = new BundleStore(Path.Combine(_directory, "coordinator"));
        _bundles = Sys.ActorOf(Props.Create(() => new BundlesActor(store, null)));
    }

    [Fact]
    public async Task Fetch_AfterUpload_ReturnsTheSameFiles()
    {
        var id = await BundleUploader.UploadBundleAsync(_bundles, Program, CancellationToken.None);
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
        var store = new BundleStore(Path.Combine(_directory, "alone"));
        var bundles = Sys.ActorOf(Props.Create(() => new BundlesActor(store, peers.Ref)));
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

    [Theory]
    [InlineData("contents")]
    [InlineData("manifests")]
    public void Fetch_StoreCannotBeWritten_IsRefusedWithTheReason(string directory)
    {
        var (peers, node) = (CreateTestProbe(), CreateTestProbe());
        var path = Path.Combine(_directory, "unwritable");
        var bundles = Sys.ActorOf(Props.Create(() => new BundlesActor(new BundleStore(path), peers.Ref)));
        var other = Sys.ActorOf(Props.Create(() => new BundlesActor(new BundleStore(Path.Combine(_directory, "other")), null)));
        var bundle = Offer(other);
        // A file in place of the directory, because root may write into any directory.
        Directory.Delete(Path.Combine(path, directory));
        File.WriteAllText(Path.Combine(path, directory), "");

        bundles.Tell(new BundleProtocol.FetchBundle(bundle, IsLocalOnly: false), node);
        peers.ExpectMsg<PeersProtocol.GetPeers>();
        peers.Reply(new PeersProtocol.PeersReply([new PeersProtocol.PeerCoordinator(1, other)], IsComplete: true));

        var refused = (BundleProtocol.BundleRefused)node.FishForMessage(message => message is BundleProtocol.BundleRefused);
        Assert.Equal(bundle, refused.Subject);
        Assert.Contains(Path.Combine(path, directory), refused.Reason, StringComparison.Ordinal);
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

    [Fact]
    public async Task Upload_SameContentByTwoClients_CompletesForBoth()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 2)
            .Select(_ => BundleUploader.UploadBundleAsync(_bundles, Program, CancellationToken.None)));
        Assert.Equal([Program.Manifest.ComputeId(), Program.Manifest.ComputeId()], ids);
        Assert.Empty(Directory.GetFiles(_directory, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Upload_AfterAnotherStopped_Continues()
    {
        var large = Program.Manifest.Files.First(file => file.Length > BundleProtocol.ChunkLength);
        var first = File.ReadAllBytes(Program.PathOf(large.Content))[..BundleProtocol.ChunkLength];
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(Program.Manifest));
        await _bundles.Ask<BundleProtocol.BundleChunkReceived>(new BundleProtocol.BundleChunk(large.Content, 0, first, IsLast: false));
        Assert.Equal(Program.Manifest.ComputeId(), await BundleUploader.UploadBundleAsync(_bundles, Program, CancellationToken.None));
    }

    [Fact]
    public async Task Chunk_ContentWithAnotherHash_IsRefusedAndRemoved()
    {
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(Program.Manifest));
        var content = Program.Manifest.Files.First(file => file.Length > 5).Content;
        var answer = await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.BundleChunk(content, 0, new byte[5], IsLast: true));
        Assert.Equal(content, answer.Subject);
        Assert.Empty(Directory.GetFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Chunk_OutOfOrderOrTooLong_IsRefused()
    {
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(Program.Manifest));
        var content = Program.Manifest.Files.First(file => file.Length > 5).Content;
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.BundleChunk(content, 7, new byte[5], IsLast: false));
        await _bundles.Ask<BundleProtocol.BundleChunkReceived>(new BundleProtocol.BundleChunk(content, 0, new byte[5], IsLast: false));
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.BundleChunk(content, 6, new byte[5], IsLast: false));
        await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.BundleChunk(content, 5, new byte[BundleProtocol.ChunkLength + 1], IsLast: false));
    }

    [Fact]
    public async Task Chunk_ContentWasNotOffered_IsRefusedAndRemoved()
    {
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.BundleChunk(new BundleId(1, 2), 0, new byte[5], IsLast: false));
        Assert.Empty(Directory.GetFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Chunk_BeyondTheOfferedLength_IsRefused()
    {
        var manifest = Offered("small", 5);
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(manifest));
        await _bundles.Ask<BundleProtocol.BundleChunkReceived>(
            new BundleProtocol.BundleChunk(manifest.Files[0].Content, 0, new byte[5], IsLast: false));
        await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.BundleChunk(manifest.Files[0].Content, 5, new byte[1], IsLast: false));
    }

    [Fact]
    public async Task Chunk_Refused_EndsTheUpload()
    {
        var content = await BeginUploadAsync();
        Assert.Single(Parts());
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.BundleChunk(content, 2, new byte[1], IsLast: false));
        Assert.Empty(Parts());

        content = await BeginUploadAsync();
        await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.BundleChunk(content, 1, ReadOnlyMemory<byte>.Empty, IsLast: false));
        Assert.Empty(Parts());

        content = await BeginUploadAsync();
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.BundleChunk(content, -1, new byte[1], IsLast: false));
        await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.BundleChunk(content, long.MaxValue, new byte[1], IsLast: false));
        Assert.Empty(Parts());
        Assert.Empty(OpenFiles.Below(_directory));
    }

    [Fact]
    public async Task Client_Disconnects_UploadsAreRemoved()
    {
        var content = await BeginUploadAsync();
        Assert.Single(OpenFiles.Below(_directory));

        Sys.EventStream.Publish(new DisassociatedEvent(Address.AllSystems, Sys.DeadLetters.Path.Address, inbound: true));

        await AwaitAssertAsync(() => Assert.Empty(Parts()));
        Assert.Empty(OpenFiles.Below(_directory));
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.BundleChunk(content, 1, new byte[1], IsLast: false));
    }

    [Fact]
    public async Task Offer_HugeBundle_IsRefusedAndTheNextIsAccepted()
    {
        var many = Offered("many", [.. Enumerable.Range(0, 10_000).Select(_ => 5)]);
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(many));
        var huge = many with { Files = [many.Files[0] with { Length = long.MaxValue }] };
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(huge));
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(Program.Manifest));
        Assert.Empty(Directory.GetFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Offer_WithoutSpace_IsRefusedWithTheRemedy()
    {
        var store = new BundleStore(Path.Combine(_directory, "small")) { Space = 1 << 20 };
        var bundles = Sys.ActorOf(Props.Create(() => new BundlesActor(store, null)));

        var exception = await Assert.ThrowsAsync<BundleException>(() =>
            BundleUploader.UploadBundleAsync(bundles, Program, CancellationToken.None));

        Assert.Contains("--code-space", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory, "*", SearchOption.AllDirectories));
    }

    /// <summary>The manifest takes disk space too, even if no content must be uploaded.</summary>
    [Fact]
    public async Task Offer_TooManyBundlesOfOneContent_IsRefused()
    {
        var store = new BundleStore(Path.Combine(_directory, "small")) { Space = 1 << 20 };
        var bundles = Sys.ActorOf(Props.Create(() => new BundlesActor(store, null)));
        Offer(bundles);
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
        Offer(_bundles);
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
    public async Task Upload_TimedOut_FreesItsSlot()
    {
        var store = new BundleStore(Path.Combine(_directory, "coordinator"));
        using var system = ActorSystem.Create("virtual", "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"");
        var bundles = system.ActorOf(Props.Create(() => new BundlesActor(store, null)));
        var many = Offered("many", [.. Enumerable.Range(0, 9).Select(_ => 5)]);
        await bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(many));
        foreach (var file in many.Files.Take(8))
            await bundles.Ask<BundleProtocol.BundleChunkReceived>(
                new BundleProtocol.BundleChunk(file.Content, 0, new byte[1], IsLast: false));
        await bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.BundleChunk(many.Files[8].Content, 0, new byte[1], IsLast: false));

        ((TestScheduler)system.Scheduler).Advance(TimeSpan.FromSeconds(90));

        var other = Offered("other", 5);
        await bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(other));
        await bundles.Ask<BundleProtocol.BundleChunkReceived>(
            new BundleProtocol.BundleChunk(other.Files[0].Content, 0, new byte[1], IsLast: false));
        Assert.Single(Parts());
        Assert.Single(OpenFiles.Below(_directory));
        await system.Terminate();
    }

    [Fact]
    public async Task Offer_InvalidManifest_IsRefusedAndTheActorContinues()
    {
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(null!));
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(new BundleManifest(default, null!, null!)));
        await _bundles.Ask<BundleProtocol.BundleRefused>(new BundleProtocol.OfferBundle(new BundleManifest([null!], "a", "b")));
        await _bundles.Ask<BundleProtocol.BundleRefused>(
            new BundleProtocol.OfferBundle(new BundleManifest([new BundleFile("../x", default, 1)], "a", "b")));
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(Program.Manifest));
    }

    [Fact]
    public async Task Fetch_UnknownBundle_Throws() => await Assert.ThrowsAsync<BundleException>(() =>
        new BundleFetcher(_nodeStore).ResolveBundleAsync(Program.Manifest.ComputeId(), _bundles, CancellationToken.None));

    [Fact]
    public async Task Fetch_AnsweredWithAnotherManifest_IsRefused()
    {
        var other = Program.Manifest with { Files = Program.Manifest.Files.RemoveAt(Program.Manifest.Files.Length - 1) };
        await RefusesAsync(_ => new BundleProtocol.FetchBundleReply(other));
        await RefusesAsync(_ => new BundleProtocol.FetchBundleReply(null!));
        await RefusesAsync(_ => new BundleProtocol.FetchBundleReply(new BundleManifest(default, null!, null!)));
    }

    [Fact]
    public async Task Fetch_AnsweredWithOtherBytes_IsRefusedAndRemoved()
    {
        await RefusesAsync(content => new BundleProtocol.BundleChunk(content, 0, new byte[3], IsLast: true));
        await RefusesAsync(content => new BundleProtocol.BundleChunk(content, 1, new byte[3], IsLast: true));
        await RefusesAsync(content => new BundleProtocol.BundleChunk(content, 0, ReadOnlyMemory<byte>.Empty, IsLast: false));
        await RefusesAsync(_ => new BundleProtocol.BundleChunk(default, 0, new byte[3], IsLast: true));
        await RefusesAsync(content => new BundleProtocol.BundleChunk(content, 0, new byte[100_000_000], IsLast: false));
        await RefusesAsync(content => new BundleProtocol.BundleChunkReceived(content, 0));
        Assert.Empty(Directory.GetFiles(_directory, "*", SearchOption.AllDirectories));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_directory, recursive: true);
    }

    private string[] Parts() => Directory.GetFiles(_directory, "*.part", SearchOption.AllDirectories);

    /// <summary>Sends the first byte of a content.</summary>
    private async Task<BundleId> BeginUploadAsync()
    {
        await _bundles.Ask<BundleProtocol.BundleContentsNeeded>(new BundleProtocol.OfferBundle(Program.Manifest));
        var content = Program.Manifest.Files.First(file => file.Length > 5).Content;
        await _bundles.Ask<BundleProtocol.BundleChunkReceived>(new BundleProtocol.BundleChunk(content, 0, new byte[1], IsLast: false));
        return content;
    }

    /// <summary>Uploads a bundle of one small file.</summary>
    private BundleId Offer(IActorRef coordinator)
    {
        var code = new byte[5];
        var file = new BundleFile(BundleManifest.ExecutorAssembly, BundleId.FromHash(SHA256.HashData(code)), code.Length);
        var manifest = new BundleManifest([file], BundleManifest.ExecutorAssembly, BundleManifest.ExecutorAssembly);
        coordinator.Tell(new BundleProtocol.OfferBundle(manifest), TestActor);
        ExpectMsg<BundleProtocol.BundleContentsNeeded>();
        coordinator.Tell(new BundleProtocol.BundleChunk(file.Content, 0, code, IsLast: true), TestActor);
        ExpectMsg<BundleProtocol.BundleChunkReceived>();
        coordinator.Tell(new BundleProtocol.OfferBundle(manifest), TestActor);
        return ExpectMsg<BundleProtocol.BundleStored>().Bundle;
    }

    /// <summary>Creates a manifest of unknown contents.</summary>
    private static BundleManifest Offered(string name, params int[] lengths) => new(
        [.. lengths.Select((length, index) =>
            new BundleFile(index == 0 ? BundleManifest.ExecutorAssembly : $"{name}{index}", new BundleId((UInt128)name[0], (UInt128)index),
            length))],
        BundleManifest.ExecutorAssembly, BundleManifest.ExecutorAssembly);

    /// <summary>Checks that a fetch fails with each invalid answer of a coordinator.</summary>
    private async Task RefusesAsync(Func<BundleId, object> answer)
    {
        var liar = Sys.ActorOf(actor =>
        {
            actor.Receive<BundleProtocol.FetchBundle>((_, context) =>
                context.Sender.Tell(answer(default) is BundleProtocol.FetchBundleReply other ? other
                    : new BundleProtocol.FetchBundleReply(Program.Manifest)));
            actor.Receive<BundleProtocol.FetchBundleChunk>((fetch, context) => context.Sender.Tell(answer(fetch.Content)));
        });
        await Assert.ThrowsAsync<BundleException>(() =>
            new BundleFetcher(_nodeStore).ResolveBundleAsync(Program.Manifest.ComputeId(), liar, CancellationToken.None));
    }
}
