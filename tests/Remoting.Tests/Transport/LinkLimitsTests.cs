using System.Net.Sockets;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Remoting.Tests.Transport;

/// <summary>The limits of connections in their handshake.</summary>
public sealed class LinkLimitsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system = ActorSystemStarter.Start(
        ConfigurationFactory.ParseString($"{LinkLimits.HandshakeTimeoutSetting} = 1s")
            .WithFallback(RoleConfiguration.CreateCoordinator(new HostPort("127.0.0.1", 0), [new HostPort("127.0.0.1", 0)], null)),
        new LinkIdentity(new LinkKeys(AccessKey.FromBytes("a key"u8.ToArray())), null, []));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    /// <summary>The framework would collect the whole frame.</summary>
    [Fact]
    public async Task Connection_WithALargeFrame_IsClosedAfterAFewKilobytes()
    {
        using var client = await ConnectAsync();
        var stream = client.GetStream();

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0xF0, 0 });
            for (var sent = 0; sent < 15 << 20; sent += 1 << 16)
                await stream.WriteAsync(new byte[1 << 16]);
            throw new IOException((await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience))
                .ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 200, 0, 0, 0, 65, 67, 84, 82, 1, 1 })]
    public async Task Connection_ThatDoesNotFinishItsHandshake_IsClosed(byte[] start)
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(start);

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public void AddLink_BeyondTheLimit_ReturnsTheOldest()
    {
        var pending = new PendingLinks<string>(2);

        Assert.Null(pending.AddLink("a", 1));
        Assert.Null(pending.AddLink("b", 1));
        Assert.Equal("a", pending.AddLink("c", 1));
        pending.RemoveLink("b");
        Assert.Null(pending.AddLink("d", 1));
        Assert.Equal(2, pending.Count);
    }

    /// <summary>The oldest connection was that of an honest peer whose handshake took longer than the flood.</summary>
    [Fact]
    public void AddLink_ManyOfOneOrigin_ReturnsItsOldest()
    {
        var pending = new PendingLinks<string>(3);
        pending.AddLink("honest", 1);
        pending.AddLink("flood 0", 2);
        pending.AddLink("flood 1", 2);

        for (var i = 0; i < 100; i++)
            Assert.Equal($"flood {i}", pending.AddLink($"flood {i + 2}", 2));
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", ActorSystemStarter.GetAddress(_system).Port);
        return client;
    }
}
