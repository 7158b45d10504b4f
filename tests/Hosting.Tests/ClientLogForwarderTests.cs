using Actors.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>The messages of the client as log events.</summary>
public sealed class ClientLogForwarderTests
{
    private static readonly Exception Reason = new InvalidOperationException("why");

    [Fact]
    public async Task WriteAsync_EachEvent_IsLoggedWithItsId()
    {
        var log = new LogLines();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log)).AddActors().AddPool("reports").Services.BuildServiceProvider();
        // The host creates the pools with their services.
        Assert.NotEmpty(services.GetServices<IHostedService>());

        foreach (var kind in Enum.GetValues<ClientEvent>())
            await ClientLog.WriteAsync(new ClientMessage(kind, $"event {kind}", Reason));

        var own = log.Lines.Where(line => line.Exception == Reason).ToList();
        Assert.Equal([11, 12, 13, 14, 15, 16, 17, 19], own.Select(line => line.Id));
        Assert.Equal(Enum.GetNames<ClientEvent>().Select(name => $"event {name}"), own.Select(line => line.Text));
        Assert.Equal([12], own.Where(line => line.Level != LogLevel.Warning).Select(line => line.Id));
    }

    [Fact]
    public async Task Dispose_OfTheServices_EndsTheForwarding()
    {
        var log = new LogLines();
        await using (var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log)).AddActors().AddPool("reports").Services.BuildServiceProvider())
        {
            Assert.NotEmpty(services.GetServices<IHostedService>());
        }

        await ClientLog.WriteAsync(new ClientMessage(ClientEvent.PoolForgotten, "late", Reason));

        Assert.DoesNotContain(log.Lines, line => line.Text == "late");
    }
}
