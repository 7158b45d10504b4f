using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Nodes with labels and resources, and pools that need them.</summary>
public sealed class LabelTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_WithNeeds_RunsOnMatchingNodes()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        await cluster.StartNodeAsync(2);
        await cluster.Run(
            "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "3", "--label", "special", "--resource", "gpu=1", "--cache",
            cluster.CacheOf(9)).SaysAsync("joined");

        await using (var labeled = await ProcessPool.StartAsync(connect: cluster.Address,
            options: new PoolOptions { RequiredLabels = ["special"] }))
            await Guard.UntilAsync(() => labeled.Workers.Count == 3);
        var needs = new Dictionary<string, decimal> { ["gpu"] = 0.5m };
        await using (var limited = await ProcessPool.StartAsync(connect: cluster.Address,
            options: new PoolOptions { ResourcesPerWorker = needs }))
        {
            await Guard.UntilAsync(() => limited.Workers.Count == 2);
            Assert.Equal(9, await limited.ApplyAsync(Functions.Square, 3).Task.WaitAsync(Guard.Longest));
            Assert.Equal(2, limited.Workers.Count);
        }

        var impossible = new PoolOptions { RequiredLabels = ["nowhere"], NodeTimeout = TimeSpan.FromSeconds(1) };
        await using var none = await ProcessPool.StartAsync(connect: cluster.Address, options: impossible);
        var failed = await Assert.ThrowsAsync<PoolFailedException>(() => none.ApplyAsync(Functions.Square, 3)
            .Task.WaitAsync(Guard.Longest));
        Assert.Contains("--label nowhere", failed.Message, StringComparison.Ordinal);
    }
}
