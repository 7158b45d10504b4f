using Actors.Coordinator.Payloads;
using Actors.Coordinator.Tests.Nodes;
using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting;
using Actors.Remoting.Data;
using Actors.Remoting.Payloads;
using Actors.Testing;
using Akka.Actor;
using Akka.Actor.Dsl;
using Akka.Configuration;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Payloads;

/// <summary>
/// Payloads pass from a sender through the coordinator's files to a receiver. One test measures the memory of the process.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class PayloadsActorTests : PatientTestKit
{
    private static readonly Config VirtualTime = ConfigurationFactory.ParseString(
        $"akka.scheduler.implementation = \"{typeof(VirtualScheduler).AssemblyQualifiedName}\"");

    private static readonly HostPort Client = new("127.0.0.1", 1);

    private readonly string _root = Directory.CreateTempSubdirectory("payloads-test-").FullName;
    private readonly PayloadDirectory _directory;
    private readonly PoolId _id = PoolId.New();
    private readonly DataListener _data = LocalData.StartListening();
    private readonly IActorRef _payloads;
    private readonly IActorRef _pool;

    public PayloadsActorTests()
        : base(VirtualTime)
    {
        _directory = PayloadDirectory.CreateIn(_root);
        var store = new PayloadStore(_directory, new PayloadLimits(10_000_000, 10_000_000, 8), _data);
        LocalData.Connect(Sys, Client);
        _payloads = Sys.ActorOf(Props.Create(() => new PayloadsActor(store)));
        _pool = Sys.ActorOf((dsl, _) => dsl.ReceiveAny((message, context) =>
            _payloads.Forward(new PayloadsActor.PayloadRequest(new PayloadOwner(_id, Client), context.Self, (IWireMessage)message))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(DataPump.BufferLength)]
    [InlineData(1_000_003)]
    public async Task Fetch_AfterUpload_ReturnsTheSameBytes(int length)
    {
        var bytes = Bytes(length);
        var stored = await SendAsync(bytes);
        Assert.Equal(length, stored.Length);
        Assert.Equal([Path.Combine(_directory.Path, stored.Id.Value.ToString("N"))], Files());
        Assert.Equal(bytes, await FetchAsync(stored));
        Assert.Equal(bytes, await FetchAsync(stored));

        _pool.Tell(new PayloadProtocol.ReleasePayload(stored.Id));

        await Assert.ThrowsAsync<PayloadStoreException>(() => FetchAsync(stored));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Upload_WithoutSpace_IsRefusedAndRemoved()
    {
        var exception = await Assert.ThrowsAsync<PayloadStoreException>(() => SendAsync(new byte[10_000_001]));
        Assert.Contains("full", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Complete_AnotherHash_IsRefusedAndRemoved()
    {
        var id = PayloadId.New();
        await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(id, 1, default));
        await LocalData.SendAsync(Sys, _data, id, [1]);
        await _pool.Ask<PayloadProtocol.PayloadRefused>(new PayloadProtocol.CompletePayload(id, new PayloadHash(1, 2)));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Fetch_ChangedFile_IsRefused()
    {
        var stored = await SendAsync(Bytes(100_000));
        await using (var file = new FileStream(Assert.Single(Files()), FileMode.Open))
            file.WriteByte((byte)~Bytes(1)[0]);
        await Assert.ThrowsAsync<PayloadStoreException>(() => FetchAsync(stored));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task Fetch_InvalidLength_IsRefused(long length) =>
        await Assert.ThrowsAsync<PayloadStoreException>(() => FetchAsync(new StoredPayload(PayloadId.New(), length, default)));

    [Fact]
    public async Task Pool_Ends_ItsPayloadsAreRemoved()
    {
        await SendAsync(Bytes(10));
        await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(PayloadId.New(), 10, default));
        Assert.Equal(2, Files().Length);

        await _pool.GracefulStop(TimeSpan.FromSeconds(10));

        await AwaitAssertAsync(() => Assert.Empty(Files()));
    }

    [Fact]
    public async Task Upload_TimedOut_IsRemoved()
    {
        var (stopped, other) = (PayloadId.New(), PayloadId.New());
        await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(stopped, 10_000_000, default));
        await LocalData.SendPartAsync(Sys, _data, DataKey.ForPayload(stopped), new byte[DataPump.BufferLength]);
        await _pool.Ask<PayloadProtocol.PayloadRefused>(new PayloadProtocol.OfferPayload(other, 1, default));
        await AwaitAssertAsync(() => Assert.Equal(DataPump.BufferLength, new FileInfo(Assert.Single(Files())).Length));

        await AwaitAssertAsync(() =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(PayloadLimits.UploadTimeout / 2);
            Assert.Empty(Files());
        });
        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(Sys, _data, stopped, new byte[10_000_000]));
        var refused = await _pool.Ask<PayloadProtocol.PayloadRefused>(new PayloadProtocol.CompletePayload(stopped, default));
        Assert.Contains("Submit again", refused.Reason, StringComparison.Ordinal);
        await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(other, 10_000_000, default));
    }

    [Fact]
    public async Task Uploads_ClientDisconnected_AreRemovedWhileItsPoolEnds()
    {
        await SendAsync(Bytes(10));
        await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(PayloadId.New(), 10, default));

        _payloads.Tell(new PayloadsActor.RemovePoolPayloads(_id));

        await AwaitAssertAsync(() => Assert.Empty(Files()));
        await SendAsync(Bytes(9_000_000));
    }

    [Fact]
    public async Task Uploads_AboveTheLimitOfAClient_AreRefusedAndOpenNoFile()
    {
        for (var i = 0; i < 8; i++)
            await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(PayloadId.New(), 10, default));
        var exception = await Assert.ThrowsAsync<PayloadStoreException>(() => SendAsync(Bytes(10)));
        Assert.Contains("--client-uploads", exception.Message, StringComparison.Ordinal);
        Assert.Equal(8, Files().Length);
        Assert.Empty(OpenFiles.Below(_directory.Path));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(int.MaxValue)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Offer_HugeOrNoLength_IsRefusedAndAllocatesNothing(long length)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await _pool.Ask<PayloadProtocol.PayloadRefused>(new PayloadProtocol.OfferPayload(PayloadId.New(), length, default));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 10_000_000);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task File_ReplacedByALink_IsNeitherWrittenNorRead()
    {
        var target = Path.Combine(_directory.Path, "target");
        await File.WriteAllTextAsync(target, "secret");
        var (id, stored) = (PayloadId.New(), await SendAsync(Bytes(6)));
        await _pool.Ask<PayloadProtocol.PayloadReady>(new PayloadProtocol.OfferPayload(id, 6, default));
        foreach (var path in Files().Where(path => path != target))
        {
            File.Delete(path);
            File.CreateSymbolicLink(path, target);
        }

        await Assert.ThrowsAsync<DataRefusedException>(() => LocalData.SendAsync(Sys, _data, id, new byte[6]));
        await Assert.ThrowsAsync<PayloadStoreException>(() => FetchAsync(stored));
        _pool.Tell(new PayloadProtocol.ReleasePayload(id));
        _pool.Tell(new PayloadProtocol.ReleasePayload(stored.Id));

        await AwaitAssertAsync(() => Assert.Equal([target], Files()));
        Assert.Equal("secret", await File.ReadAllTextAsync(target));
        File.Delete(target);
    }

    [Fact]
    public async Task Executor_Ended_ItsUnretainedPayloadsAreRemoved()
    {
        var executor = ExecutorId.New();
        var kept = await SendAsync(Bytes(10), executor);
        await SendAsync(Bytes(20), executor);
        _payloads.Tell(new PayloadsActor.RetainPayload(_id, kept.Id));
        _payloads.Tell(new PayloadsActor.RemoveExecutorPayloads(_id, executor));
        Assert.Equal(Bytes(10), await FetchAsync(kept));
        Assert.Single(Files());
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        _data.Dispose();
        _directory.Dispose();
        Directory.Delete(_root);
    }

    private string[] Files() => Directory.GetFiles(_directory.Path);

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private async Task<StoredPayload> SendAsync(byte[] bytes, ExecutorId from = default)
    {
        using var stream = new MemoryStream(bytes);
        return await PayloadSender.SendPayloadAsync(_pool, from, stream, CancellationToken.None);
    }

    private async Task<byte[]> FetchAsync(StoredPayload stored)
    {
        using var to = new MemoryStream();
        await PayloadFetcher.FetchPayloadAsync(_pool, stored, to.WriteAsync, CancellationToken.None);
        return to.ToArray();
    }
}
