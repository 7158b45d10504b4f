using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;
using Actors.Testing;

namespace Actors.Remoting.Tests.Data;

/// <summary>Contents arrive complete, over connections that break, and only from and to the peers that may transfer them.</summary>
public sealed class DataTransferTests
{
    private const int Large = (3 << 20) + 17;

    private readonly DataKey _key = DataKey.ForPayload(PayloadId.New());

    [Theory]
    [InlineData(1, false)]
    [InlineData(DataPump.BufferLength, false)]
    [InlineData(Large, false)]
    [InlineData(Large, true)]
    public async Task SendAndReceive_AnyLength_KeepTheBytes(int length, bool isEncrypted)
    {
        using var certificates = new TestCertificates();
        await using var harness = new DataHarness(isEncrypted ? TlsIdentity.ReadDirectory(certificates.Make("one")) : null);
        var bytes = RandomBytes(length);
        var (file, path) = harness.Expect(_key, length);

        Assert.Equal(ContentHash.HashPayload(bytes), await harness.CreateTransfer(_key).SendAsync(new MemoryStream(bytes), default));

        Assert.Equal(ContentHash.HashPayload(bytes), file.Hash);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
        harness.Offer(_key, bytes);
        using var to = new MemoryStream();
        Assert.Equal(ContentHash.HashPayload(bytes), await harness.CreateTransfer(_key).ReceiveAsync(length, to, default));
        Assert.Equal(bytes, to.ToArray());
    }

    [Fact]
    public async Task Send_ConnectionBreaks_ContinuesWhereItEnded()
    {
        await using var harness = new DataHarness();
        var bytes = RandomBytes(Large);
        var (file, path) = harness.Expect(_key, Large);
        foreach (var cut in (long[])[100, 600_000, 700_000, 1_000_000])
            harness.Proxy.AddCut(cut);

        var hash = await harness.CreateTransfer(_key).SendAsync(new MemoryStream(bytes), default);

        Assert.Equal(5, harness.Proxy.Connections);
        Assert.Equal(ContentHash.HashPayload(bytes), hash);
        Assert.Equal(hash, file.Hash);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    /// <summary>A pool that needs the same code as a pool whose start was canceled.</summary>
    [Fact]
    public async Task Send_BegunByAnotherTransfer_ContinuesWhereItEnded()
    {
        await using var harness = new DataHarness();
        var bytes = RandomBytes(Large);
        var (file, path) = harness.Expect(_key, Large);
        using var cancel = new CancellationTokenSource();
        using var content = new CallbackStream(bytes, at: Large / 2, () =>
        {
            SpinWait.SpinUntil(() => file.Received > 0);
            cancel.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.CreateTransfer(_key).SendAsync(content, cancel.Token));
        Assert.InRange(file.Received, 1, Large - 1);

        var hash = await harness.CreateTransfer(_key).SendAsync(new MemoryStream(bytes), default);

        Assert.Equal(ContentHash.HashPayload(bytes), hash);
        Assert.Equal(hash, file.Hash);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Receive_ConnectionBreaks_ContinuesWhereItEnded()
    {
        await using var harness = new DataHarness();
        var bytes = RandomBytes(Large);
        harness.Offer(_key, bytes);
        foreach (var cut in (long[])[100, 600_000, 700_000, 1_000_000])
            harness.Proxy.AddCut(cut);
        using var to = new MemoryStream();

        Assert.Equal(ContentHash.HashPayload(bytes), await harness.CreateTransfer(_key).ReceiveAsync(Large, to, default));

        Assert.Equal(5, harness.Proxy.Connections);
        Assert.Equal(bytes, to.ToArray());
    }

    [Fact]
    public async Task Transfers_OneAfterTheOther_ShareAConnection()
    {
        await using var harness = new DataHarness();
        var links = harness.Connect();
        harness.Offer(_key, RandomBytes(10));
        for (var i = 0; i < 3; i++)
            await harness.CreateTransfer(_key, links).ReceiveAsync(10, Stream.Null, default);

        Assert.Equal(1, harness.Proxy.Connections);
    }

    [Fact]
    public async Task Send_DiskIsFull_IsRefusedWithTheReason()
    {
        await using var harness = new DataHarness();
        var full = new IncomingFile(
            DataKind.Payload, Large, () => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));
        harness.Listener.Files.AddUpload(DataHarness.Client, _key, full);

        var exception = await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(_key).SendAsync(new MemoryStream(new byte[Large]), default));

        Assert.Contains("No space left", exception.Message, StringComparison.Ordinal);
        Assert.Null(full.Hash);
    }

    [Fact]
    public async Task Receive_OwnDiskIsFull_FailsWithTheReason()
    {
        await using var harness = new DataHarness();
        harness.Offer(_key, new byte[Large]);
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        var exception = await Assert.ThrowsAsync<IOException>(() => harness.CreateTransfer(_key).ReceiveAsync(Large, full, default));

        Assert.Contains("No space left", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, harness.Proxy.Connections);
    }

    [Fact]
    public async Task Transfer_ContentOfAnotherPeer_IsRefused()
    {
        await using var harness = new DataHarness();
        var (file, _) = harness.Expect(_key, 10);
        var read = DataKey.ForPayload(PayloadId.New());
        harness.Offer(read, new byte[10]);
        var other = harness.Connect(address: DataHarness.Client with { Port = 9 });

        await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(_key, other).SendAsync(new MemoryStream(new byte[10]), default));
        await Assert.ThrowsAsync<DataRefusedException>(() => harness.CreateTransfer(read, other).ReceiveAsync(10, Stream.Null, default));

        Assert.Equal(0, file.Received);
    }

    [Fact]
    public async Task Receive_Code_IsPermittedToNodesAndCoordinators()
    {
        await using var harness = new DataHarness();
        var bytes = RandomBytes(Large);
        var content = BundleId.FromHash(SHA256.HashData(bytes));
        harness.ServeCode(content, bytes);
        var node = harness.Connect(role: LinkRole.Node);
        var coordinator = harness.Connect(role: LinkRole.Coordinator, address: DataHarness.OtherCoordinator);

        foreach (var links in new[] { node, coordinator })
        {
            using var to = new MemoryStream();
            await harness.CreateTransfer(DataKey.ForCode(content), links).ReceiveAsync(Large, to, default);
            Assert.Equal(bytes, to.ToArray());
        }

        await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(DataKey.ForCode(content)).ReceiveAsync(Large, Stream.Null, default));
        await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(DataKey.ForCode(new BundleId(1, 2)), node).ReceiveAsync(Large, Stream.Null, default));
    }

    /// <summary>The program at the address of a coordinator must be one.</summary>
    [Fact]
    public async Task Receive_ByACoordinatorOfAnotherCluster_IsRefused()
    {
        await using var harness = new DataHarness();
        var content = new BundleId(1, 2);
        harness.ServeCode(content, new byte[10]);
        var stranger = harness.Connect(role: LinkRole.Coordinator, address: new HostPort("127.0.0.1", 9));

        var exception = await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(DataKey.ForCode(content), stranger).ReceiveAsync(10, Stream.Null, default));

        Assert.Contains("is not the address of a coordinator", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_MoreBytesThanAnnounced_ClosesTheConnection()
    {
        await using var harness = new DataHarness();
        var (file, path) = harness.Expect(_key, 10);
        using var link = await harness.Connect().RentAsync(harness.Endpoint, default);
        await DataFrames.WriteRequestAsync(link.Stream, new DataRequest(DataDirection.Put, _key, 0), default);
        await DataFrames.ReadAnswerAsync(link.Stream, default);

        await link.Stream.WriteAsync(new byte[200]);

        Assert.Equal(10, await DataFrames.ReadAnswerAsync(link.Stream, default));
        await DataHarness.WaitForCloseAsync(link.Stream);
        Assert.Equal((10, 10), (file.Received, new FileInfo(path).Length));
    }

    [Fact]
    public async Task Send_EmptyContent_IsComplete()
    {
        await using var harness = new DataHarness();
        var (file, _) = harness.Expect(_key, 0);

        Assert.Equal(ContentHash.HashPayload([]), await harness.CreateTransfer(_key).SendAsync(Stream.Null, default));

        Assert.Equal(ContentHash.HashPayload([]), file.Hash);
    }

    [Fact]
    public async Task Transfer_RemovedContent_IsRefused()
    {
        await using var harness = new DataHarness();
        harness.Expect(_key, 10);
        harness.Offer(_key, new byte[10]);
        harness.Listener.Files.RemoveUpload(DataHarness.Client, _key);
        harness.Listener.Files.RemoveReaders(_key);

        await Assert.ThrowsAsync<DataRefusedException>(
            () => harness.CreateTransfer(_key).SendAsync(new MemoryStream(new byte[10]), default));
        await Assert.ThrowsAsync<DataRefusedException>(() => harness.CreateTransfer(_key).ReceiveAsync(10, Stream.Null, default));
    }

    [Fact]
    public async Task Receive_AnotherLength_IsRefused()
    {
        await using var harness = new DataHarness();
        harness.Offer(_key, new byte[10]);

        await Assert.ThrowsAsync<DataRefusedException>(() => harness.CreateTransfer(_key).ReceiveAsync(11, Stream.Null, default));
        await Assert.ThrowsAsync<DataRefusedException>(() => harness.CreateTransfer(_key).ReceiveAsync(9, Stream.Null, default));
    }

    [Fact]
    public async Task Send_UploadRemovedMeanwhile_IsRefused()
    {
        await using var harness = new DataHarness();
        var (file, _) = harness.Expect(_key, Large);
        var files = harness.Listener.Files;
        using var content = new CallbackStream(RandomBytes(Large), at: Large / 2, () => files.RemoveUpload(DataHarness.Client, _key));

        await Assert.ThrowsAsync<DataRefusedException>(() => harness.CreateTransfer(_key).SendAsync(content, default));

        Assert.Null(file.Hash);
    }

    [Fact]
    public async Task Send_Canceled_EndsAtOnce()
    {
        await using var harness = new DataHarness();
        var (file, _) = harness.Expect(_key, Large);
        using var cancel = new CancellationTokenSource();
        using var content = new CallbackStream(RandomBytes(Large), at: Large / 2, cancel.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.CreateTransfer(_key).SendAsync(content, cancel.Token));

        Assert.Null(file.Hash);
    }

    [Fact]
    public async Task Send_ThroughASecondConnection_ReplacesTheFirst()
    {
        await using var harness = new DataHarness();
        var bytes = RandomBytes(Large);
        var (file, _) = harness.Expect(_key, Large);
        // The first connection has announced its upload, and is silent.
        using var silent = await harness.Connect().RentAsync(harness.Endpoint, default);
        await DataFrames.WriteRequestAsync(silent.Stream, new DataRequest(DataDirection.Put, _key, 0), default);
        Assert.Equal(0, await DataFrames.ReadAnswerAsync(silent.Stream, default));

        Assert.Equal(ContentHash.HashPayload(bytes), await harness.CreateTransfer(_key).SendAsync(new MemoryStream(bytes), default));

        Assert.Equal(ContentHash.HashPayload(bytes), file.Hash);
        await DataHarness.WaitForCloseAsync(silent.Stream);
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Runs an action when a position is read.</summary>
    private sealed class CallbackStream(byte[] bytes, long at, Action action) : MemoryStream(bytes)
    {
        private int _isDone;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= at && Interlocked.Exchange(ref _isDone, 1) == 0)
                action();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
