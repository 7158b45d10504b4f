using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The command chaos on clusters that do not permit it, or not to this caller. Nothing is broken.</summary>
public sealed class ChaosRefusalTests : IDisposable
{
    private const int Refused = 2;
    private const int Unreachable = 3;

    private readonly string _directory = Directory.CreateTempSubdirectory("chaos-keys-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Chaos_CoordinatorWithoutTheOption_IsRefused()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();

        await RequireRefusedAsync(cluster, "does not permit chaos. Restart it with --allow-chaos.");
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Chaos_NodeWithoutTheOption_IsRefused()
    {
        await using var cluster = new TestCluster();
        await cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--allow-chaos").SaysAsync("coordinator is a member");
        var node = await cluster.StartNodeAsync(1);

        await RequireRefusedAsync(cluster, "does not permit chaos. Restart it with --allow-chaos.");
        Assert.False(node.HasExited);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Chaos_AnotherKeyThanTheOperators_IsRefused()
    {
        var (clients, operators) = (CreateKey("clients"), CreateKey("operators"));
        await using var cluster = new TestCluster();
        await cluster.Run(
            "Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--allow-chaos", "--key-file", clients, "--operator-key-file", operators)
            .SaysAsync("coordinator is a member");

        await RequireRefusedAsync(cluster, Unreachable, "it has another key", "--key-file", clients, "--operator-key-file", clients);
        await RequireRefusedAsync(cluster, Unreachable, "--operator-key-file", "--key-file", clients);
        await RequireRefusedAsync(cluster, "no worker node has joined", "--key-file", clients, "--operator-key-file", operators);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_KeysWithoutAKeyOfOperators_DoesNotStart()
    {
        await using var cluster = new TestCluster();
        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--allow-chaos", "--key-file",
            CreateKey("clients"));

        Assert.Equal(Refused, await coordinator.ExitAsync());
        Assert.Contains("Add --operator-key-file", coordinator.Errors, StringComparison.Ordinal);
    }

    private Task RequireRefusedAsync(TestCluster cluster, string reason, params string[] keys) =>
        RequireRefusedAsync(cluster, Refused, reason, keys);

    private async Task RequireRefusedAsync(TestCluster cluster, int exitCode, string reason, params string[] keys)
    {
        string[] arguments =
        [
            "chaos", "--plan", Path.Combine(Builds.Root, "config/chaos/kill-worker.conf"), "--connect", cluster.Address,
            "--report", Path.Combine(_directory, "chaos.html"), .. keys,
        ];
        var chaos = cluster.Run(Builds.Tool, arguments);

        Assert.Equal(exitCode, await chaos.ExitAsync());
        Assert.Contains(reason, chaos.Errors, StringComparison.Ordinal);
    }

    private string CreateKey(string name)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, $"a good long secret of {name}\n");
        return path;
    }
}
