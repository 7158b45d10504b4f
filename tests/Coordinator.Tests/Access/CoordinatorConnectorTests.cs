using System.Net;
using System.Net.Sockets;
using Actors.Remoting;
using Actors.Remoting.Access;

namespace Actors.Coordinator.Tests.Access;

/// <summary>A program connects to one of several coordinators, and some do not answer.</summary>
public sealed class CoordinatorConnectorTests() : CoordinatorTestKit(space: 1 << 20)
{
    private static readonly HostPort Unused = new("127.0.0.1", 1);

    [Fact]
    public async Task Connect_ManySilentCoordinators_WaitsForNoneOfThem()
    {
        var silent = Enumerable.Range(0, 12).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        silent.ForEach(listener => listener.Start());
        try
        {
            HostPort[] all = [.. silent.Select(listener => new HostPort("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port)), At];
            // Alone, each silent coordinator would take the two seconds that an answer may take.
            var connected = await ConnectAsync(all, TimeSpan.FromSeconds(22));
            Assert.Equal(At.Port, connected.Actor.Path.Address.Port);
        }
        finally
        {
            silent.ForEach(listener => listener.Dispose());
        }
    }

    [Fact]
    public async Task Connect_RefusingCoordinators_ConnectsToTheOther()
    {
        var connected = await ConnectAsync([Unused, At, Unused], Patience);
        Assert.Equal(At.Port, connected.Actor.Path.Address.Port);
    }

    [Fact]
    public async Task Connect_NoCoordinator_ThrowsAfterItsPatience()
    {
        var exception = await Assert.ThrowsAsync<TimeoutException>(() => ConnectAsync([Unused], TimeSpan.FromSeconds(0.2)));
        Assert.Equal("No coordinator answers at 127.0.0.1:1 within 0.2 s.", exception.Message);
    }

    [Fact]
    public async Task Connect_Canceled_ThrowsAtOnce()
    {
        using var canceled = new CancellationTokenSource();
        var connecting = CoordinatorConnector.ConnectToAnyAsync(StartSystem(), [Unused], Timeout.InfiniteTimeSpan, canceled.Token);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private HostPort At => ActorSystemStarter.GetAddress(Home);

    private Task<ConnectedCoordinator> ConnectAsync(HostPort[] coordinators, TimeSpan patience) =>
        CoordinatorConnector.ConnectToAnyAsync(StartSystem(), coordinators, patience, CancellationToken.None);
}
