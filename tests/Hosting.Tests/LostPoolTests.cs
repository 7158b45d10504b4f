using Actors.Cluster.Tests.Programs;
using Actors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>A hosted pool whose coordinator is lost, with a coordinator as a program.</summary>
public sealed class LostPoolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actors-hosting-");
    private readonly LogLines _log = new();
    private readonly int _port = Ports.FindFree();

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The exception is one that the host cannot know beforehand: the key has changed.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_RestartedWithAnotherKey_HealthTellsItAndTheHostStopsNormally()
    {
        var key = WriteKey("first");
        // The second address lets the pool reconnect.
        using var host = Build($"127.0.0.1:{_port},127.0.0.1:{Ports.FindFree()};KeyFile={key}");
        await using (var first = await StartCoordinatorAsync(key))
        {
            await host.StartAsync();
            Assert.Equal(HealthStatus.Healthy, (await CheckHealthAsync(host)).Status);
            first.Kill();
            await Guard.UntilAsync(async () => (await CheckHealthAsync(host)).Status == HealthStatus.Degraded);
        }

        var reconnecting = await CheckHealthAsync(host);
        await using var second = await StartCoordinatorAsync(WriteKey("second"));
        await _log.AwaitEventAsync(7);
        var ended = await CheckHealthAsync(host);
        await host.StopAsync();

        Assert.Equal("The coordinator is lost; the pool reconnects. 0 jobs wait.", reconnecting.Description);
        Assert.Equal(HealthStatus.Unhealthy, ended.Status);
        Assert.Contains("it has another key", ended.Description, StringComparison.Ordinal);
        Assert.EndsWith("restart the program.", ended.Description, StringComparison.Ordinal);
        Assert.Equal("Pool 'reports' failed before the shutdown.", Assert.Single(_log.Lines, line => line.Id == 5).Text);
    }

    private async Task<RoleProcess> StartCoordinatorAsync(string keyFile)
    {
        var coordinator = RoleProcess.Start(
            ["dotnet", "exec", Builds.Find("Actors.Coordinator.dll"), "--port", $"{_port}", "--key-file", keyFile],
            new Dictionary<string, string>());
        await coordinator.SaysAsync("coordinator is a member");
        return coordinator;
    }

    private string WriteKey(string text)
    {
        var path = Path.Combine(_folder.FullName, text);
        File.WriteAllText(path, $"the secret of the {text} coordinator");
        return path;
    }

    private IHost Build(string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        builder.AddActorsPool("reports", o => o.ConnectionString = connection);
        return builder.Build();
    }

    private static async Task<HealthReportEntry> CheckHealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["actors-reports"];
}
