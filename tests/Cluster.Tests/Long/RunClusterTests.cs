using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>The cluster that one command starts, as in the README, and a batch on it.</summary>
public sealed class RunClusterTests
{
    /// <summary>The time to build the programs, while other tests run.</summary>
    private static readonly TimeSpan LongestBuild = TimeSpan.FromMinutes(5);

    [LongFact(Timeout = 3 * Guard.Milliseconds)]
    public async Task RunCluster_Interrupted_EndsTheBatchAndLeavesNothing()
    {
        await using var cluster = new TestCluster();
        await DoBatchAsync(cluster, []);
    }

    /// <summary>Each program has the certificate of its role, as <c>docker-compose.yml</c> gives it.</summary>
    [LongFact(Timeout = 3 * Guard.Milliseconds)]
    public async Task RunCluster_WithSecrets_RunsTheBatchOfAnAuthorizedClient()
    {
        await using var cluster = new TestCluster();
        var secrets = cluster.CacheOf(9);
        Assert.Equal(0, await cluster.RunScript("scripts/make-secrets", secrets).ExitAsync());

        var ofClient = new Dictionary<string, string>
        {
            ["ACTORS_TLS_DIRECTORY"] = $"{secrets}/tls/client",
            ["ACTORS_KEY_FILE"] = $"{secrets}/client-key",
        };
        await DoBatchAsync(cluster, ofClient, ("ACTORS_SECRETS", secrets));
    }

    private static async Task DoBatchAsync(
        TestCluster cluster, Dictionary<string, string> ofClient, params (string Name, string Value)[] ofScript)
    {
        var ports = Enumerable.Range(cluster.Port, 3).Select(port => $"127.0.0.1:{port}");
        var script = cluster.RunScript("scripts/run-cluster", ofScript, "2", "1", Path.Combine(cluster.CacheOf(1), "store.db"),
            $"{cluster.Port}");
        await script.SaysAsync($"connect to {string.Join(',', ports)}", longest: LongestBuild);
        await script.SaysAsync("coordinator is a member", times: 3, Guard.LongestFailover);
        await script.SaysAsync("joined", times: 2, Guard.LongestFailover);

        var batch = cluster.RunWith(ofClient, "Batch.dll", "--connect", string.Join(',', ports), "--jobs", "2000");
        await batch.SaysAsync("2000 jobs: 2000 right, 0 wrong", longest: Guard.LongestFailover);
        Assert.Equal(0, await batch.ExitAsync());
        script.Interrupt();

        Assert.Equal(0, await script.ExitAsync(Guard.LongestFailover));
        Assert.Equal(2, script.Output.Split('\n').Count(line => line == "drained"));
        Assert.Empty(cluster.Processes());
    }
}
