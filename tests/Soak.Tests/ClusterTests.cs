using Actors.Cluster.Tests.Programs;
using Actors.Soak.Tests.Support;
using Xunit.Abstractions;

namespace Actors.Soak.Tests;

/// <summary>Stopped nodes and disposed clients leave no resources in the coordinator, in this process, or on disk.</summary>
[Collection(SoakGroup.Name)]
public sealed class ClusterTests(ITestOutputHelper output)
{
    [SoakFact]
    public async Task Node_StartedAndStoppedRepeatedly_LeaksNothing()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        await using var pool = await ProcessPool.StartAsync(1, cluster.Address);

        await Repetition.RunAsync(
            async () =>
            {
                var node = cluster.LaunchNode(1, cluster.CacheOf(1));
                Assert.NotEqual(Environment.ProcessId, await pool.ApplyAsync(() => Environment.ProcessId));
                node.Terminate();
                Assert.Equal(0, await node.ExitAsync());
            },
            () => Resources.Of(coordinator.Id),
            cluster.FindFiles,
            output);
    }

    [SoakFact]
    public async Task Client_ConnectedAndDisposedRepeatedly_LeaksNothing()
    {
        await using var cluster = await TestCluster.StartAsync(1);

        await Repetition.RunAsync(
            async () =>
            {
                await using var pool = await ProcessPool.StartAsync(1, cluster.Address);
                Assert.NotEqual(Environment.ProcessId, await pool.ApplyAsync(() => Environment.ProcessId));
                await using var manager = await Manager.StartAsync(cluster.Address);
                var queue = await manager.CreateQueueAsync<int>();
                await queue.PutAsync(1);
                Assert.Equal(1, await queue.GetAsync());
            },
            Resources.OfThisProcess,
            cluster.FindFiles,
            output);
    }
}
