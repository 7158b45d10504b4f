using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>
/// Programs fill a durable pool and a durable queue, and leave. The next one gets a typed exception, and all accepted work.
/// </summary>
public sealed class DurableLimitTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task DurablePool_FilledByClientsThatLeave_RefusesMoreAndRunsAcceptedJobs()
    {
        await using var cluster = new TestCluster();
        await StartCoordinatorAsync(cluster, "memory = 8MiB, memory-each = 2MiB, store-space = 1GiB");
        var accepted = new List<long>();
        ClientLimitException? refused = null;
        while (refused is null && accepted.Count < 20)
        {
            // No node runs the jobs.
            await using var client = await OpenAsync(cluster);
            refused = await Record.ExceptionAsync(async () => accepted.Add((await client.SubmitAsync(CountBytes, new byte[300_000])).Id))
                as ClientLimitException;
        }

        Assert.Equal(6, accepted.Count);
        Assert.Contains("actors.durable-limits.memory-each", refused?.Message, StringComparison.Ordinal);
        await cluster.StartNodeAsync(1);
        await using var pool = await OpenAsync(cluster);
        foreach (var job in accepted)
            Assert.Equal(300_000, await cluster.DoneAsync(pool.Attach<int>(job)));
        Assert.Equal(6, await cluster.DoneAsync(pool.ApplyAsync(x => x + 1, 5)));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task DurableQueue_FilledByClientsThatLeave_RefusesMoreAndDeliversItsItems()
    {
        await using var cluster = new TestCluster();
        await StartCoordinatorAsync(cluster, "memory = 8MiB, memory-each = 2MiB, store-space = 1GiB");
        ClientLimitException? refused = null;
        var stored = 0;
        while (refused is null && stored < 20)
        {
            await using var client = await Manager.StartAsync(connect: cluster.Address);
            var filled = await client.OpenQueueAsync<byte[]>("queue");
            refused = await Record.ExceptionAsync(() => filled.PutAsync(new byte[300_000])) as ClientLimitException;
            stored += refused is null ? 1 : 0;
        }

        Assert.Equal(6, stored);
        Assert.Contains("actors.durable-limits.memory-each", refused?.Message, StringComparison.Ordinal);
        await using var manager = await Manager.StartAsync(connect: cluster.Address);
        var queue = await manager.OpenQueueAsync<byte[]>("queue");
        for (; stored > 0; stored--)
            Assert.Equal(300_000, (await queue.GetAsync().WaitAsync(Guard.Longest)).Length);
        await queue.PutAsync(new byte[300_000]);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Store_AboveItsSize_RefusesJobsOfAnyPool()
    {
        await using var cluster = new TestCluster();
        await StartCoordinatorAsync(cluster, "memory = 1GiB, memory-each = 1GiB, store-space = 2MiB");
        await using var pool = await OpenAsync(cluster);
        var refused = await Assert.ThrowsAsync<ClientLimitException>(async () =>
        {
            for (var job = 0; job < 10_000; job++)
                await pool.SubmitAsync(CountBytes, new byte[10_000]).WaitAsync(Guard.Longest);
        });

        Assert.Contains("actors.durable-limits.store-space", refused.Message, StringComparison.Ordinal);
    }

    private static async Task StartCoordinatorAsync(TestCluster cluster, string limits)
    {
        var settings = Path.Combine(Directory.CreateDirectory(cluster.CacheOf(9)).FullName, "limits.conf");
        await File.WriteAllTextAsync(settings, $"actors.durable-limits {{ {limits}, store-check-interval = 100ms }}");
        await cluster.Run(
            "Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--store", $"{cluster.CacheOf(8)}.db", "--config", settings)
            .SaysAsync("coordinator listens");
    }

    private static Task<ProcessPool> OpenAsync(TestCluster cluster) =>
        ProcessPool.StartAsync(connect: cluster.Address, options: new PoolOptions { DurableName = "pool" });

    private static int CountBytes(byte[] bytes) => bytes.Length;
}
