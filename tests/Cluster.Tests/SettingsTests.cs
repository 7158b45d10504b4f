using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The settings of the programs, from a file and from the environment.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Programs_WithSettingsOnly_FormACluster()
    {
        await using var cluster = new TestCluster();
        await File.WriteAllTextAsync(_file, $$"""
            {
              "Coordinator": { "Port": 1 },
              "WorkerNode": { "Join": "{{cluster.Address}}", "Processes": "1", "Cache": "{{cluster.CacheOf(1)}}" },
              "Logging": { "Console": { "FormatterName": "json" } }
            }
            """);

        var coordinator = cluster.RunWith(
            new() { ["ACTORS_COORDINATOR__PORT"] = $"{cluster.Port}" }, "Actors.Coordinator.dll", "--settings", _file);
        await coordinator.SaysAsync("""{"EventId":103,""");
        var node = cluster.Run("Actors.WorkerNode.dll", "--settings", _file);
        await node.SaysAsync("""{"EventId":202,""");
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);

        Assert.Equal(6, await cluster.DoneAsync(pool.ApplyAsync(static x => x + 1, 5)));
    }

    [Theory(Timeout = Guard.Milliseconds)]
    [InlineData("""{ "Coordinator": { "Port": "many" } }""", "--port")]
    [InlineData("""{ "Coordinator": { "Prot": 4053 } }""", "Unknown setting Coordinator:Prot.")]
    [InlineData("""{ "Coordinator": """, "Cannot read the settings ")]
    public async Task Coordinator_InvalidSettings_ExitsWithTwo(string settings, string error)
    {
        await using var cluster = new TestCluster();
        await File.WriteAllTextAsync(_file, settings);

        var coordinator = cluster.Run("Actors.Coordinator.dll", "--settings", _file);

        Assert.Equal(2, await coordinator.ExitAsync());
        Assert.Contains(error, coordinator.Errors, StringComparison.Ordinal);
        Assert.Single(coordinator.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(coordinator.Output);
    }
}
