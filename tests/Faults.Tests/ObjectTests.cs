using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>Managed objects that workers and this process use at once, while programs fail. Their histories have no violation.</summary>
[Collection(FaultGroup.Name)]
public sealed class ObjectTests(ITestOutputHelper output)
{
    [FaultFact]
    public Task Workers_KilledRepeatedly_HistoriesHaveNoViolation() => RunAsync(async (cluster, pool, wait) =>
    {
        var random = new Random(22);
        for (var round = 0; round < 20; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            if (pool.Workers.Where(worker => !worker.HasExited).ToList() is { Count: > 0 } workers)
                pool.Kill(workers[random.Next(workers.Count)]);
        }

        await wait();
    });

    [FaultFact]
    public Task Nodes_KilledInTurn_HistoriesHaveNoViolation() => RunAsync(async (cluster, _, wait) =>
    {
        foreach (var node in cluster.Nodes.Concat(cluster.Nodes))
        {
            node.Kill();
            await wait();
            await node.UntilReadyAsync();
        }
    });

    [FaultFact]
    public Task Coordinators_KilledInTurn_HistoriesHaveNoViolation() => RunAsync(async (cluster, _, wait) =>
    {
        foreach (var coordinator in cluster.Coordinators)
        {
            coordinator.Kill();
            await wait();
            await coordinator.UntilReadyAsync();
        }
    });

    private async Task RunAsync(Func<FaultCluster, ProcessPool, Func<Task>, Task> causeFaultsAsync)
    {
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { WorkersPerNode = 3 });
        await using var pool = await cluster.OpenPoolAsync();
        await using var manager = await Manager.StartAsync(cluster.Address);
        var objects = ObjectLoad.Start(cluster.Address, pool, cluster.Records, seed: 22);
        var queue = await DurableQueueLoad.StartAsync(manager, "queue", pool, Path.Combine(cluster.Records, "queue"));

        await causeFaultsAsync(cluster, pool, async () =>
        {
            await queue.NextAsync();
            await objects.NextAsync();
        });

        output.WriteLine(await objects.FinishAsync());
        output.WriteLine(await queue.FinishAsync());
        Assert.True(objects.Completed > 0);
    }
}
