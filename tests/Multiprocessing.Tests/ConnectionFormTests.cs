using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Receiving into a buffer, blocking forms, accepting after failed peers, and addresses as arguments.</summary>
public sealed class ConnectionFormTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly byte[] Key = [1, 2, 3];

    /// <summary><c>recv_bytes_into</c> of <c>test_connection</c>. After <c>BufferTooShort</c> the message can still be received.</summary>
    [Fact]
    public async Task ReceiveBytes_IntoMemory_FillsTheBufferOrKeepsTheMessage()
    {
        var (client, server) = await ConnectAsync();
        using var a = client;
        using var b = server;
        var (first, second) = await setup.Manager.CreatePipeAsync<int>().Soon();
        var buffer = new byte[4];
        foreach (var message in new byte[][] { [1, 2, 3], [], [4, 5, 6, 7, 8], [9] })
        {
            await client.SendBytesAsync(message).Soon();
            await first.SendBytesAsync(message).Soon();
        }

        Assert.Equal((3, 3), (await server.ReceiveBytesAsync(buffer).Soon(), await second.ReceiveBytesAsync(new byte[3]).Soon()));
        Assert.Equal([1, 2, 3, 0], buffer);
        Assert.Equal((0, 0), (await server.ReceiveBytesAsync(Memory<byte>.Empty).Soon(),
            await second.ReceiveBytesAsync(Memory<byte>.Empty).Soon()));
        Assert.Equal(5, (await Assert.ThrowsAsync<MessageTooLongException>(() => server.ReceiveBytesAsync(buffer)).Soon()).Length);
        Assert.Equal(5, (await Assert.ThrowsAsync<MessageTooLongException>(() => second.ReceiveBytesAsync(buffer)).Soon()).Length);
        Assert.Equal((5, 5), (server.ReceiveBytes(new byte[9]), second.ReceiveBytes(new byte[5])));
        Assert.Equal((1, 1), (server.ReceiveBytes(buffer), second.ReceiveBytes(buffer.AsMemory(2))));
        Assert.Equal([9, 2, 9, 0], buffer);
    }

    /// <summary>A canceled receive must not drop the received part of a message, or all later message boundaries would be wrong.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReceiveBytes_CanceledWithinAMessage_ResumesAtTheNextCall(bool intoMemory)
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0));
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await raw.ConnectAsync(listener.Address).Soon();
        await raw.SendAsync(new byte[] { 0, 0, 0, 0, 0, 0, 0, 6, 1, 2 }).Soon();
        using var server = await listener.AcceptAsync().Soon();
        Assert.True(await server.PollAsync(Waiting.Guard).Soon());
        foreach (var more in new byte[][] { [3], [4] })
        {
            using var cancellation = new CancellationTokenSource();
            Task receiving = intoMemory
                ? server.ReceiveBytesAsync(new byte[8], cancellation.Token)
                : server.ReceiveBytesAsync(cancellationToken: cancellation.Token);
            await raw.SendAsync(more).Soon();
            await Assert.ThrowsAsync<TimeoutException>(() => receiving.WaitAsync(TimeSpan.FromMilliseconds(30)));
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving).Soon();
        }

        await raw.SendAsync(new byte[] { 5, 6, 0, 0, 0, 1, 7 }).Soon();
        var buffer = new byte[8];
        Assert.Equal(6, await (intoMemory
            ? server.ReceiveBytesAsync().ContinueWith(task => task.Result.Length)
            : server.ReceiveBytesAsync(buffer)).Soon());
        Assert.Equal([7], await server.ReceiveBytesAsync().Soon());
        if (!intoMemory)
            Assert.Equal([1, 2, 3, 4, 5, 6, 0, 0], buffer);
    }

    /// <summary>The peer must not read the next message as the rest of the canceled one.</summary>
    [Fact]
    public async Task Send_CanceledWithinAMessage_EndsTheConnectionOnBothSides()
    {
        var (client, server) = await ConnectAsync();
        using var a = client;
        using var b = server;
        using var cancellation = new CancellationTokenSource();
        var sending = client.SendBytesAsync(new byte[64 << 20], cancellation.Token);
        Assert.True(await server.PollAsync(Waiting.Guard).Soon());
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending).Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SendAsync(1)).Soon();
        await Assert.ThrowsAnyAsync<IOException>(() => server.ReceiveBytesAsync()).Soon();
    }

    [Fact]
    public async Task BlockingForms_ConnectionsAndListeners_MatchTheAsyncForms()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0), Key);
        var connecting = Task.Run(() => Connection.Connect(listener.Address, Key));
        using var server = listener.Accept();
        using var client = await connecting.Soon();
        Assert.False(server.Poll());
        client.Send((1, "one"));
        Assert.True(server.Poll(Waiting.Guard));
        Assert.Equal((1, "one"), server.Receive<(int, string)>());
        server.SendBytes(new byte[] { 1, 2 });
        Assert.Equal([1, 2], client.ReceiveBytes());
        Assert.False(client.IsClosed);
        client.Dispose();
        Assert.True(client.IsClosed);
        Assert.Throws<EndOfStreamException>(() => server.Receive<int>());
        Assert.Throws<ObjectDisposedException>(() => client.Poll());
    }

    [Fact]
    public async Task AcceptAll_PeersThatFailOrAreSilent_SkipsThem()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0), Key);
        var refused = new TaskCompletionSource<Exception>();
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(listener.Address).Soon();
        await using var accepted = listener.AcceptAllAsync(refused.SetResult).GetAsyncEnumerator();
        var next = accepted.MoveNextAsync();
        await Assert.ThrowsAsync<AuthenticationException>(() => Connection.ConnectAsync(listener.Address, [9])).Soon();
        Assert.IsType<AuthenticationException>(await refused.Task.Soon());
        for (var i = 0; i < 3; i++)
        {
            using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
            Assert.True(await next.Soon());
            using var server = accepted.Current;
            next = accepted.MoveNextAsync();
            await client.SendAsync(i).Soon();
            Assert.Equal(i, await server.ReceiveAsync<int>().Soon());
        }

        listener.Dispose();
        Assert.False(await next.Soon());
    }

    [Fact]
    public async Task Address_PassedToAProcess_IsUsableThere()
    {
        var path = Path.Combine(Path.GetTempPath(), $"listener-{Guid.NewGuid():N}");
        EndPoint[] addresses =
            [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0), new UnixDomainSocketEndPoint(path)];
        await using var own = await TestPool.StartAsync(1);
        foreach (var address in addresses.Append(new UnixDomainSocketEndPoint($"\0{path}")))
        {
            using var listener = new ConnectionListener(address, Key);
            var job = own.Pool.ApplyAsync(SendHello, listener.Address);
            using var server = await listener.AcceptAsync().Soon();
            Assert.Equal("hello", await server.ReceiveAsync<string>().Soon());
            await job.Soon();
        }
    }

    private static void SendHello(EndPoint address)
    {
        using var connection = Connection.Connect(address, Key);
        connection.Send("hello");
    }

    private static async Task<(Connection Client, Connection Server)> ConnectAsync()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0));
        var client = await Connection.ConnectAsync(listener.Address).Soon();
        return (client, await listener.AcceptAsync().Soon());
    }
}
