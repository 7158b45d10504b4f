using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The command chaos on running clusters.</summary>
public sealed class ChaosTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("chaos-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Two coordinators and a node: a worker is killed, and a coordinator cannot reach its nodes for a time.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Chaos_KilledWorkerAndPartition_KeepsAllInvariants()
    {
        await using var cluster = new TestCluster();
        await cluster.StartPermittingChaosAsync(2, 1);
        var plan = Path.Combine(_directory, "plan.conf");
        await File.WriteAllTextAsync(plan, """
            chaos {
              warm-up = 1s, cool-down = 2s, spacing = 1s
              load.jobs-in-flight = 4
              faults = [
                { kind = kill-worker, at = 0s }
                { kind = partition, target = coordinator, peers = nodes, for = 1s, at = 1s }
              ]
            }
            """);

        await RunAsync(cluster, plan, "8s", "kill-worker", "partition");
    }

    [LongFact(Timeout = 15 * 60 * 1000)]
    public async Task Chaos_Everything_KeepsAllInvariants()
    {
        await using var cluster = new TestCluster();
        await cluster.StartPermittingChaosAsync(3, 2);

        await RunAsync(cluster, Path.Combine(Builds.Root, "config/chaos/everything.conf"), "5m", "kill-coordinator", "rolling-restart");
    }

    [LongTheory(Timeout = Guard.Milliseconds * 2)]
    [InlineData("kill-worker")]
    [InlineData("kill-node")]
    [InlineData("kill-coordinator")]
    [InlineData("partition")]
    [InlineData("pause")]
    [InlineData("slow-disk")]
    [InlineData("rolling-restart")]
    public async Task Chaos_ReadyMadePlan_KeepsAllInvariants(string plan)
    {
        await using var cluster = new TestCluster();
        await cluster.StartPermittingChaosAsync(3, 2);

        await RunAsync(cluster, Path.Combine(Builds.Root, $"config/chaos/{plan}.conf"), "100s");
    }

    private async Task RunAsync(TestCluster cluster, string plan, string duration, params string[] faults)
    {
        var report = Path.Combine(_directory, "chaos.html");
        var chaos = cluster.Run(
            Builds.Tool, "chaos", "--plan", plan, "--connect", cluster.Address, "--for", duration, "--report", report);

        Assert.True(await chaos.ExitAsync(TimeSpan.FromMinutes(10)) == 0, $"{chaos.Log}\n{cluster.Said}");
        var page = await File.ReadAllTextAsync(report);
        Assert.Contains("All invariants held.", page, StringComparison.Ordinal);
        Assert.All(faults, fault => Assert.Contains($"<td>{fault}</td>", page, StringComparison.Ordinal));
        Assert.DoesNotContain("skipped:", faults.Length > 0 ? "" : page, StringComparison.Ordinal);
    }
}
