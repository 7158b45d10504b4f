using System.Net;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>TestWait</c>: waits for several connections and pipe ends.</summary>
public sealed class WaitAnyTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private readonly Manager _manager = setup.Manager;

    /// <summary><c>test_wait</c>: processes send at different speeds until all have closed.</summary>
    [Fact]
    public async Task WaitAny_ProcessesSendAndClose_ReturnsEveryMessageInOrder()
    {
        await using var own = await TestPool.StartAsync(2);
        var (readers, jobs) = (new List<PipeEnd<int>>(), new List<JobHandle>());
        for (var i = 0; i < 2; i++)
        {
            var (reader, writer) = await _manager.CreatePipeAsync<int>(duplex: false).Soon();
            readers.Add(reader);
            jobs.Add(own.Pool.ApplyAsync(SendTen, writer));
        }

        var received = readers.ToDictionary(reader => reader, _ => new List<int>());
        while (readers.Count > 0)
        {
            foreach (var reader in await PipeEnd.WaitAnyAsync(readers).Soon())
            {
                try
                {
                    received[reader].Add(await reader.ReceiveAsync().Soon());
                }
                catch (EndOfStreamException)
                {
                    readers.Remove(reader);
                }
            }
        }

        Assert.All(received.Values, numbers => Assert.Equal(Enumerable.Range(0, 10), numbers));
        await jobs[0].Soon();
        await jobs[1].Soon();
    }

    [Fact]
    public async Task WaitAny_SomeAreReady_ReturnsThemAndReceivesNothing()
    {
        var (client, server) = await ConnectAsync();
        using var a = client;
        using var b = server;
        var (first, firstOther) = await _manager.CreatePipeAsync<int>().Soon();
        var (second, _) = await _manager.CreatePipeAsync<string>().Soon();
        var (third, thirdOther) = await _manager.CreatePipeAsync<int>().Soon();
        IPollable[] ends = [first, server, second, third, first];
        Assert.Empty(await Connection.WaitAnyAsync(ends, TimeSpan.Zero).Soon());

        await firstOther.SendAsync(1).Soon();
        await client.SendAsync(2).Soon();
        await thirdOther.CloseAsync().Soon();
        Assert.True(await server.PollAsync(Waiting.Guard).Soon());
        Assert.Equal([first, server, third], await Connection.WaitAnyAsync(ends, TimeSpan.Zero).Soon());
        Assert.Equal([first, server, third], Connection.WaitAny(ends));

        Assert.Equal((1, 2), (await first.ReceiveAsync().Soon(), await server.ReceiveAsync<int>().Soon()));
        await Assert.ThrowsAsync<EndOfStreamException>(() => third.ReceiveAsync()).Soon();
    }

    /// <summary><c>test_wait_timeout</c>, <c>test_wait_slow</c>: no message is lost after a timeout or a cancellation.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WaitAny_NoneIsReady_WaitsForMessageTimeoutOrCancellation(bool ofConnections)
    {
        var (client, server) = await ConnectAsync();
        using var a = client;
        using var b = server;
        var (pipe, other) = await _manager.CreatePipeAsync<int>().Soon();
        var (idle, _) = await _manager.CreatePipeAsync<int>().Soon();
        IPollable[] ends = ofConnections ? [idle, server] : [idle, pipe];
        Assert.Empty(await Connection.WaitAnyAsync(ends, TimeSpan.FromMilliseconds(30)).Soon());
        using var cancellation = new CancellationTokenSource();
        var canceled = Connection.WaitAnyAsync(ends, cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled).Soon();

        for (var i = 0; i < 20; i++)
        {
            var waiting = Connection.WaitAnyAsync(ends);
            await (ofConnections ? client.SendAsync(i) : other.SendAsync(i)).Soon();
            Assert.Same(ends[1], Assert.Single(await waiting.Soon()));
            Assert.Equal(i, await (ofConnections ? server.ReceiveAsync<int>() : pipe.ReceiveAsync()).Soon());
        }
    }

    [Fact]
    public async Task WaitAny_WhileItWaits_PollsEachEndOnce()
    {
        var (slow, ready) = (new Counting(), new Counting());
        var waiting = Connection.WaitAnyAsync([slow, ready]);
        ready.Ready.SetResult(true);
        Assert.Same(ready, Assert.Single(await waiting.Soon()));
        Assert.Equal((2, 2), (slow.Polls, ready.Polls));
    }

    [Fact]
    public async Task WaitAny_OtherProcessIsKilled_IsReadyWithTheEnd()
    {
        var (reader, writer) = await _manager.CreatePipeAsync<int>(duplex: false).Soon();
        using var checkpoint = new Checkpoint();
        await using var process = await WorkerProcess.StartAsync(HoldAtCheckpoint, writer, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        var waiting = PipeEnd.WaitAnyAsync([reader]);
        process.Kill();
        Assert.Same(reader, Assert.Single(await waiting.Soon()));
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReceiveAsync()).Soon();
    }

    /// <summary><c>test_wait_integer</c>, <c>test_neg_timeout</c>: invalid arguments throw at once.</summary>
    [Fact]
    public async Task WaitAny_InvalidArguments_AreRefused()
    {
        var (client, server) = await ConnectAsync();
        using var a = client;
        using var b = server;
        var (reader, writer) = await _manager.CreatePipeAsync<int>(duplex: false).Soon();
        await Assert.ThrowsAsync<ArgumentNullException>("ends", () => Connection.WaitAnyAsync<Connection>(null!));
        await Assert.ThrowsAsync<ArgumentException>("ends", () => Connection.WaitAnyAsync([client, null!]));
        await Assert.ThrowsAsync<ArgumentException>("ends", () => Connection.WaitAnyAsync<Connection>([]));
        Assert.Empty(await Connection.WaitAnyAsync<Connection>([], TimeSpan.FromMilliseconds(1)).Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => PipeEnd.WaitAnyAsync([reader, writer])).Soon();
        client.Dispose();
        Assert.Same(server, Assert.Single(await Connection.WaitAnyAsync([server]).Soon()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Connection.WaitAnyAsync([server, client])).Soon();
    }

    [Fact]
    public async Task WaitAny_EndIsClosedDuringTheWait_Throws()
    {
        var (client, server) = await ConnectAsync();
        using var a = client;
        using var b = server;
        var waiting = Connection.WaitAnyAsync([server]);
        server.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting).Soon();
    }

    private static async Task<(Connection Client, Connection Server)> ConnectAsync()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0));
        var client = await Connection.ConnectAsync(listener.Address).Soon();
        return (client, await listener.AcceptAsync().Soon());
    }

    private static void SendTen(PipeEnd<int> writer)
    {
        for (var i = 0; i < 10; i++)
            writer.Send(i);
        writer.Close();
    }

    private static void HoldAtCheckpoint(PipeEnd<int> writer, int port)
    {
        Checkpoint.ReportAndWait(port);
        writer.Close();
    }

    private sealed class Counting : IPollable
    {
        public TaskCompletionSource<bool> Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Polls { get; private set; }

        public Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
        {
            Polls++;
            return timeout == TimeSpan.Zero ? Task.FromResult(false) : Ready.Task.WaitAsync(cancellationToken);
        }
    }
}
