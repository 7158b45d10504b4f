using System.Net;
using System.Net.Sockets;
using Akka.Configuration;

namespace Actors.Remoting.Tests;

public class ActorSystemStarterTests
{
    [Fact]
    public void Start_PortInUse_ThrowsWithTheReason()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;
        var exception = Assert.Throws<PortInUseException>(() => ActorSystemStarter.Start(
            ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.port = {port}").WithFallback(RoleConfiguration.CreateClient())));
        Assert.Contains($"{port}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_AddressOfAnotherMachine_ThrowsWithTheReason() =>
        Assert.Throws<InvalidOperationException>(() => ActorSystemStarter.Start(
        ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.hostname = \"192.0.2.1\"")
            .WithFallback(RoleConfiguration.CreateClient())));

    [Fact]
    public async Task GetAddress_AnyPort_ReturnsTheChosenPort()
    {
        var system = ActorSystemStarter.Start(RoleConfiguration.CreateClient());
        Assert.InRange(ActorSystemStarter.GetAddress(system).Port, 1, 65535);
        await system.Terminate();
    }
}
