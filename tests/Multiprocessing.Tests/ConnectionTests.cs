using System.Net;
using System.Security.Authentication;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestListener</c>, <c>_TestListenerClient</c> and <c>OtherTest</c>.</summary>
public sealed class ConnectionTests
{
    private static readonly byte[] Key = [1, 2, 3];

    /// <summary><c>test_listener_client</c>, <c>test_issue14725</c></summary>
    [Fact]
    public async Task Connection_WithTheSameKey_CarriesValuesAndBytesUntilItIsClosed()
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
    public async Task Connection_WithAnotherKey_IsRefusedOnBothSidesAndTheListenerGoesOn()
    {
        using var listener = Listen(Key);
        var refusing = listener.AcceptAsync();
        await Assert.ThrowsAsync<AuthenticationException>(() => Connection.ConnectAsync(listener.Address, [9])).Soon();
        await Assert.ThrowsAsync<AuthenticationException>(() => refusing).Soon();
        var accepting = listener.AcceptAsync();
        using var client = await Connection.ConnectAsync(listener.Address, Key).Soon();
        using var server = await accepting.Soon();
    }

    private static ConnectionListener Listen(byte[] key) => new(new IPEndPoint(IPAddress.Loopback, 0), key);
}
