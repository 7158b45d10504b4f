using System.Net.Sockets;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Remoting.Tests.Transport;

/// <summary>The limits of connections in their handshake, and the protection of addresses.</summary>
public sealed class LinkLimitsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HostPort Address = new("10.0.0.2", 40000);

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

        Assert.Null(pending.AddLink("a"));
        Assert.Null(pending.AddLink("b"));
        Assert.Equal("a", pending.AddLink("c"));
        pending.RemoveLink("b");
        Assert.Null(pending.AddLink("d"));
        Assert.Equal(2, pending.Count);
    }

    [Fact]
    public void TryAdd_AddressOfAConnectedPeer_IsRefused()
    {
        var proven = new ProvenLinks();
        var peer = new LinkPeer(LinkRole.Client, Address, new byte[16]);
        var other = peer with { Instance = Enumerable.Repeat((byte)1, 16).ToArray() };

        Assert.Null(proven.TryAdd(peer));
        Assert.Null(proven.TryAdd(peer));
        Assert.Equal(LinkRefusalCode.Address, proven.TryAdd(other)!.Code);
        Assert.Equal(LinkRefusalCode.Address, proven.TryAdd(peer with { Role = LinkRole.Node })!.Code);
        proven.RemoveLink(peer);
        Assert.Equal(LinkRefusalCode.Address, proven.TryAdd(other)!.Code);
        proven.RemoveLink(peer);
        Assert.Null(proven.TryAdd(other));
    }

    [Fact]
    public void TryAdd_ManyConnectionsOfAPeer_AreLimited()
    {
        var proven = new ProvenLinks();
        var peer = new LinkPeer(LinkRole.Client, Address, new byte[16]);
        for (var i = 0; i < ProvenLinks.LimitPerPeer; i++)
            Assert.Null(proven.TryAdd(peer));

        Assert.Equal(LinkRefusalCode.Limit, proven.TryAdd(peer)!.Code);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", ActorSystemStarter.GetAddress(_system).Port);
        return client;
    }
}
