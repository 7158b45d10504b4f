using System.Net;
using System.Net.Sockets;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Edge cases of CPython's <c>_TestListener</c>, <c>_TestConnection</c> and <c>_TestPoll</c>.</summary>
public sealed class ConnectionEdgeTests
{
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Connect_NoListener_Throws()
    {
        EndPoint address;
        using (var listener = new ConnectionListener(Anywhere))
            address = listener.Address;
        await Assert.ThrowsAsync<SocketException>(() => Connection.ConnectAsync(address).Soon());
        var nowhere = new UnixDomainSocketEndPoint($"/tmp/none-{Environment.ProcessId}");
        await Assert.ThrowsAnyAsync<Exception>(() => Connection.ConnectAsync(nowhere).Soon());
    }

    [Fact]
    public async Task Listener_Disposed_EndsTheAcceptAndRefusesTheNext()
    {
        var listener = new ConnectionListener(Anywhere);
        var accepting = listener.AcceptAsync();
        listener.Dispose();
        listener.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accepting.Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync().Soon());
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            using var other = new ConnectionListener(Anywhere);
            using var giveUp = new CancellationTokenSource(1);
            await other.AcceptAsync(giveUp.Token).Soon();
        });
    }

    [Fact]
    public async Task Connection_ClosedByThePeer_DeliversSentMessagesAndThenTheEnd()
    {
        using var listener = new ConnectionListener(Anywhere);
        var accepting = listener.AcceptAsync();
        var client = await Connection.ConnectAsync(listener.Address).Soon();
        using var server = await accepting.Soon();
        Assert.False(server.Poll());
        client.Send("last");
        client.SendBytes(default);
        client.Dispose();
        client.Dispose();
        Assert.True(client.IsClosed);
        Assert.True(server.Poll(TimeSpan.FromSeconds(10)));
        Assert.Equal("last", server.Receive<string>());
        Assert.Empty(server.ReceiveBytes());
        Assert.True(server.Poll(TimeSpan.FromSeconds(10)));
        Assert.Throws<EndOfStreamException>(() => server.Receive<int>());
        Assert.Throws<EndOfStreamException>(() => server.ReceiveBytes());
        Assert.Throws<ObjectDisposedException>(() => client.Send(1));
        Assert.Throws<ObjectDisposedException>(() => client.Receive<int>());
        Assert.Throws<ObjectDisposedException>(() => client.Poll());
    }

    [Fact]
    public async Task Connection_InvalidArguments_AreRefused()
    {
        using var listener = new ConnectionListener(Anywhere);
        var accepting = listener.AcceptAsync();
        using var client = await Connection.ConnectAsync(listener.Address).Soon();
        using var server = await accepting.Soon();
        client.SendBytes(new byte[] { 1, 2, 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => server.ReceiveBytes(-1));
        Assert.Throws<MessageTooLongException>(() => server.ReceiveBytes(0));
        Assert.Equal([1, 2, 3], server.ReceiveBytes(3));
        client.Send(5);
        Assert.ThrowsAny<Exception>(() => server.Receive<string>());
        client.Send("x");
        Assert.Equal("x", server.Receive<string>());
        Assert.Throws<NotCarriedException>(() => client.Send(new MemoryStream()));
        client.Send(1);
        Assert.Equal(1, server.Receive<int>());
    }
}
