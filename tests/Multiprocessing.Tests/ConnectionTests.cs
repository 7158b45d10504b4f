using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestListener</c>, <c>_TestListenerClient</c>, <c>OtherTest</c>, <c>ChallengeResponseTest</c> and <c>TestWait</c>.
/// </summary>
public sealed class ConnectionTests
{
    private static readonly byte[] Key = [1, 2, 3];

    /// <summary><c>test_listener_client</c>, <c>test_issue14725</c></summary>
    [Fact]
    public async Task Connection_SameKey_CarriesValuesAndBytesUntilItIsClosed()
    {
        using var listener = Listen(Key);
        var accepting = listener.AcceptAsync();
        using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
        using var server = await accepting.Soon();
        Assert.False(await server.PollAsync().Soon());
        await client.SendAsync("hello").Soon();
        Assert.Equal("hello", await server.ReceiveAsync<string>().Soon());
        await client.SendBytesAsync(new byte[] { 1, 2 }).Soon();
        Assert.True(await server.PollAsync(Waiting.Guard).Soon());
        await Assert.ThrowsAsync<MessageTooLongException>(() => server.ReceiveBytesAsync(1)).Soon();
        Assert.Equal([1, 2], await server.ReceiveBytesAsync().Soon());
        client.Dispose();
        await Assert.ThrowsAsync<EndOfStreamException>(() => server.ReceiveAsync<int>()).Soon();
    }

    /// <summary><c>test_deliver_challenge_auth_failure</c>, <c>test_answer_challenge_auth_failure</c></summary>
    [Fact]
    public async Task Connection_DifferentKey_IsRefusedOnBothSidesAndTheListenerContinues()
    {
        using var listener = Listen(Key);
        var refusing = listener.AcceptAsync();
        await Assert.ThrowsAsync<AuthenticationException>(() => Connection.ConnectAsync(listener.Address, [9])).Soon();
        await Assert.ThrowsAsync<AuthenticationException>(() => refusing).Soon();
        var accepting = listener.AcceptAsync();
        using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
        using var server = await accepting.Soon();
    }

    /// <summary>
    /// <c>test_issue16955</c>: messages sent before the peer closed can be polled. <c>test_spawn_close</c>: the same with another process.
    /// </summary>
    [Fact]
    public async Task Connection_OtherProcessHasEnded_PollsItsLastMessage()
    {
        using var listener = Listen(Key);
        var port = ((IPEndPoint)listener.Address).Port;
        await using var process = await WorkerProcess.StartAsync(SendHello, port).Soon();
        using var server = await listener.AcceptAsync().Soon();
        Assert.Equal(0, await process.JoinAsync().Soon());
        Assert.True(await server.PollAsync(Waiting.Guard).Soon());
        Assert.Equal("hello", await server.ReceiveAsync<string>().Soon());
        await Assert.ThrowsAsync<EndOfStreamException>(() => server.ReceiveAsync<string>()).Soon();
    }

    /// <summary><c>test_multiple_bind</c></summary>
    [Fact]
    public void Listen_AddressInUse_IsRefused()
    {
        using var listener = Listen(Key);
        var exception = Assert.Throws<SocketException>(() => new ConnectionListener(listener.Address));
        Assert.Equal(SocketError.AddressAlreadyInUse, exception.SocketErrorCode);
    }

    /// <summary><c>test_empty_authkey</c>: an empty key differs from no key.</summary>
    [Fact]
    public async Task Connect_WithoutAKeyToAListenerWithAnEmptyOne_IsRefused()
    {
        using var listener = Listen([]);
        var accepting = listener.AcceptAsync();
        await Assert.ThrowsAsync<AuthenticationException>(() => Connection.ConnectAsync(listener.Address)).Soon();
        await Assert.ThrowsAsync<AuthenticationException>(() => accepting).Soon();
        using var client = await Connection.ConnectAsync(listener.Address, []).Soon();
        using var server = await listener.AcceptAsync().Soon();
    }

    /// <summary><c>AF_UNIX</c>. As in Python, the listener deletes its file.</summary>
    [Fact]
    public async Task UnixSocket_AtAPath_CarriesValuesAndIsRemovedWithItsListener()
    {
        var path = Path.Combine(Path.GetTempPath(), $"listener-{Guid.NewGuid():N}");
        using (var listener = new ConnectionListener(new UnixDomainSocketEndPoint(path), Key))
        {
            using var client = await Connection.ConnectAsync(new UnixDomainSocketEndPoint(path), Key).Soon();
            using var server = await listener.AcceptAsync().Soon();
            await server.SendAsync(42).Soon();
            Assert.Equal(42, await client.ReceiveAsync<int>().Soon());
        }

        Assert.False(File.Exists(path));
    }

    /// <summary><c>test_abstract_socket</c></summary>
    [Fact]
    public async Task UnixSocket_WithoutAFile_CarriesValues()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var name = new UnixDomainSocketEndPoint($"\0listener-{Guid.NewGuid():N}");
        using var listener = new ConnectionListener(name);
        using var client = await Connection.ConnectAsync(name).Soon();
        using var server = await listener.AcceptAsync().Soon();
        await client.SendAsync("hello").Soon();
        Assert.Equal("hello", await server.ReceiveAsync<string>().Soon());
    }

    [Fact]
    public async Task Accept_SilentPeer_AcceptsTheOthersAndThenThrows()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0), Key, TimeSpan.FromSeconds(2));
        using var silent = await ConnectSocketAsync(listener);
        using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
        using (var server = await listener.AcceptAsync().Soon())
        {
            await client.SendAsync(1).Soon();
            Assert.Equal(1, await server.ReceiveAsync<int>().Soon());
        }

        await Assert.ThrowsAsync<TimeoutException>(() => listener.AcceptAsync()).Soon();
    }

    /// <summary>Silent connections kept all others out until their time limit.</summary>
    [Fact]
    public async Task Accept_ManySilentPeers_AcceptsAnother()
    {
        using var listener = Listen(Key);
        var silent = new List<Socket>();
        for (var i = 0; i < 100; i++)
            silent.Add(await ConnectSocketAsync(listener));
        var accepting = listener.AcceptAsync();

        using var client = await Connection.ConnectAsync(listener.Address, Key).WaitAsync(TimeSpan.FromSeconds(15));
        using var server = await accepting.Soon();

        await client.SendAsync("hello").Soon();
        Assert.Equal("hello", await server.ReceiveAsync<string>().Soon());
        silent.ForEach(socket => socket.Dispose());
    }

    /// <summary><c>test_timeout</c> of <c>TestTimeouts</c></summary>
    [Fact]
    public async Task Connect_SilentListener_TimesOut()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await Assert.ThrowsAsync<TimeoutException>(
            () => Connection.ConnectAsync(silent.LocalEndpoint, Key, TimeSpan.FromMilliseconds(50))).Soon();
    }

    /// <summary><c>test_challengeresponse</c>: random bytes, a huge length, and the response of a peer without the key.</summary>
    [Fact]
    public async Task Accept_PeersWithAnotherProtocol_RefusesThemAndContinues()
    {
        using var listener = Listen(Key);
        var noKey = new byte[] { 0, 0, 0, 32 }.Concat(new byte[32]);
        byte[][] said = [[.. noKey, .. noKey], [255, 255, 255, 255], [0, 0, 0, 200, 1], Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n")];
        foreach (var bytes in said)
        {
            using var stranger = await ConnectSocketAsync(listener);
            await stranger.SendAsync(bytes).Soon();
            await Assert.ThrowsAsync<AuthenticationException>(() => listener.AcceptAsync()).Soon();
        }

        using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
        using var server = await listener.AcceptAsync().Soon();
    }

    /// <summary>The receiver must not allocate memory for a length before the content arrives.</summary>
    [Fact]
    public async Task Receive_LengthWithoutContent_AllocatesNoMemory()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0));
        using var liar = await ConnectSocketAsync(listener);
        await liar.SendAsync(new byte[] { 0, 0, 0, 0 }).Soon();
        using var server = await listener.AcceptAsync().Soon();
        await liar.SendAsync(new byte[] { 0x10, 0, 0, 0, 1, 2, 3 }).Soon();
        Assert.True(await server.PollAsync(Waiting.Guard).Soon());

        var before = GC.GetTotalAllocatedBytes();
        var receiving = server.ReceiveBytesAsync();
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
        liar.Dispose();

        await Assert.ThrowsAnyAsync<IOException>(() => receiving).Soon();
    }

    [Fact]
    public async Task Receive_InvalidLength_ClosesTheConnection()
    {
        using var listener = new ConnectionListener(new IPEndPoint(IPAddress.Loopback, 0));
        using var stranger = await ConnectSocketAsync(listener);
        await stranger.SendAsync(new byte[] { 0, 0, 0, 0, 0x7f, 0, 0, 0 }).Soon();
        using var server = await listener.AcceptAsync().Soon();
        await Assert.ThrowsAsync<InvalidDataException>(() => server.ReceiveAsync<int>()).Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.SendAsync(1)).Soon();
    }

    [Fact]
    public async Task Send_ManyMebibytes_ArrivesWhole()
    {
        using var listener = Listen(Key);
        using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
        using var server = await listener.AcceptAsync().Soon();
        var bytes = new byte[20 << 20];
        Random.Shared.NextBytes(bytes);
        var sending = client.SendBytesAsync(bytes);
        var received = await server.ReceiveBytesAsync().Soon();
        await sending.Soon();
        Assert.True(received.AsSpan().SequenceEqual(bytes));
    }

    /// <summary><c>test_wait</c>, <c>test_wait_timeout</c>, with several connections.</summary>
    [Fact]
    public async Task WhenAny_SeveralConnections_ReturnsTheOneWithAMessage()
    {
        using var listener = Listen(Key);
        var pairs = new List<(Connection Client, Connection Server)>();
        for (var i = 0; i < 3; i++)
        {
            var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
            pairs.Add((client, await listener.AcceptAsync().Soon()));
        }

        var receiving = pairs.Select(pair => pair.Server.ReceiveAsync<int>()).ToArray();
        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(receiving).WaitAsync(TimeSpan.FromMilliseconds(20)));
        await pairs[1].Client.SendAsync(5).Soon();
        Assert.Same(receiving[1], await Task.WhenAny(receiving).Soon());
        Assert.Equal(5, await receiving[1]);
        foreach (var (client, server) in pairs)
        {
            client.Dispose();
            server.Dispose();
        }

        Assert.All(await Task.WhenAll(receiving.Select(Ended)), Assert.True);
    }

    [Fact]
    public async Task Dispose_AcceptWaits_EndsTheAccept()
    {
        var listener = Listen(Key);
        var accepting = listener.AcceptAsync();
        listener.Dispose();
        listener.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accepting).Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync()).Soon();
    }

    private static async Task<bool> Ended(Task task)
    {
        await Task.WhenAny(task).Soon();
        return task.IsCompleted;
    }

    private static async Task<Socket> ConnectSocketAsync(ConnectionListener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.Address).Soon();
        return socket;
    }

    private static async Task SendHello(int port)
    {
        using var connection = await Connection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Key);
        await connection.SendAsync("hello");
    }

    private static ConnectionListener Listen(byte[] key) => new(new IPEndPoint(IPAddress.Loopback, 0), key);
}
