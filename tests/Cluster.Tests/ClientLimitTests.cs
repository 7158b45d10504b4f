using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>
/// A program that uses more of a coordinator than one client may gets a typed exception, and can continue within its limits.
/// </summary>
public sealed class ClientLimitTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Client_AboveItsLimits_GetsClientLimitExceptions()
    {
        await using var cluster = new TestCluster();
        var settings = Path.Combine(Directory.CreateDirectory(cluster.CacheOf(9)).FullName, "limits.conf");
        await File.WriteAllTextAsync(
            settings,
            "actors.client-limits { pools = 2, job-memory = 1MiB, objects = 3, object-memory = 64KiB, waiting-calls = 1 }");
        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--config", settings);
        await coordinator.SaysAsync("coordinator listens");
        await cluster.StartNodeAsync(1);
        await using var pool = await ProcessPool.StartAsync(1, connect: cluster.Address);
        // The same program: all its pools share one connection.
        await using var second = await ProcessPool.StartAsync(1, connect: cluster.Address);
        var refused = await Assert.ThrowsAsync<ClientLimitException>(() => ProcessPool.StartAsync(1, connect: cluster.Address));
        Assert.Contains("actors.client-limits.pools", refused.Message, StringComparison.Ordinal);

        var jobs = Enumerable.Range(0, 8).Select(_ => pool.ApplyAsync(CountBytes, new byte[900 << 10])).ToList();
        var outcomes = await Task.WhenAll(jobs.Select(job => Record.ExceptionAsync(async () => await job)));
        Assert.Contains(outcomes, outcome => outcome is null);
        Assert.Contains(outcomes, outcome => outcome is ClientLimitException);
        Assert.All(outcomes, outcome => Assert.True(outcome is null or ClientLimitException, $"{outcome}"));

        await using var manager = await Manager.StartAsync(connect: cluster.Address);
        var queue = await manager.CreateQueueAsync<byte[]>();
        await Assert.ThrowsAsync<ClientLimitException>(async () => await queue.PutAsync(new byte[70 << 10]));
        await queue.PutAsync(new byte[10]);
        Assert.Equal(10, (await queue.GetAsync()).Length);
        await manager.CreateLockAsync();
        await manager.CreateLockAsync();
        await Assert.ThrowsAsync<ClientLimitException>(async () => await manager.CreateLockAsync());
        Assert.Equal(6, await cluster.DoneAsync(pool.ApplyAsync(x => x + 1, 5)));
    }

    private static int CountBytes(byte[] bytes) => bytes.Length;
}
