using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Accepted jobs of durable pools survive the loss of each process of the cluster.</summary>
public sealed class DurablePoolTests(ITestOutputHelper output)
{
    private static readonly PoolOptions Durable = new() { DurableName = "pool" };

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task AllPrograms_KilledDuringABatch_LoseNoAcceptedJob()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync(withStore: true);
        var nodes = await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: Durable);
        var jobs = Enumerable.Range(0, 2_000).Select(index => pool.ApplyAsync(Functions.Work, index, 1)).ToList();
        await cluster.DoneAsync(jobs[100]);

        coordinator.Kill();
        foreach (var node in nodes)
            node.Kill();
        var clock = Stopwatch.StartNew();
        await cluster.StartCoordinatorAsync(withStore: true);
        await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));

        for (var index = 0; index < jobs.Count; index++)
            Assert.Equal(index, (await cluster.DoneAsync(jobs[index])).Index);
        output.WriteLine($"From kill -9 of all to the last result: {clock.ElapsedMilliseconds} ms.");
        Assert.Equal(50, await pool.ApplyAsync(x => x + 1, 49));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Results_ClientDisconnected_AreRetainedForTheNext()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync(withStore: true);
        cluster.LaunchNode(1);
        long first;
        await using (var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: Durable))
        {
            first = (await pool.SubmitAsync(Functions.Work, 7, 200)).Id;
            await pool.ApplyAsync(Functions.Square, 1);
            _ = pool.ApplyAsync(Functions.Work, 8, 200);
        }

        coordinator.Kill();
        await cluster.StartCoordinatorAsync(withStore: true);
        await using var again = await ProcessPool.StartAsync(connect: cluster.Address, options: Durable);

        Assert.Equal(8, (await cluster.DoneAsync(again.Attach<Run>(first + 2))).Index);
        await Assert.ThrowsAsync<JobNotFoundException>(() => again.Attach<int>(first + 1).Task.WaitAsync(Guard.Longest));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_StoreOfAnAssembly_KeepsJobs()
    {
        await using var cluster = new TestCluster();
        var (store, settings) = ($"{cluster.CacheOf(8)}.db", $"{cluster.CacheOf(9)}.txt");
        await File.WriteAllTextAsync(settings, store);
        string[] arguments =
            ["--port", $"{cluster.Port}", "--store-assembly", Builds.Find(Builds.OwnStore), "--store-settings-file", settings];
        var coordinator = cluster.Run("Actors.Coordinator.dll", arguments);
        await coordinator.SaysAsync($"coordinator listens on 127.0.0.1:{cluster.Port} and writes to the own store {store}");
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: Durable);

        var id = (await pool.SubmitAsync(Functions.Square, 7)).Id;
        coordinator.Kill();
        cluster.Run("Actors.Coordinator.dll", arguments);
        cluster.LaunchNode(1);

        Assert.Equal(49, await cluster.DoneAsync(pool.Attach<int>(id)));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_UnusableStore_ExitsWithAMessage()
    {
        await using var cluster = new TestCluster();
        var coordinator = cluster.Run("Actors.Coordinator.dll", "--port", $"{cluster.Port}", "--store", "/proc/nowhere/jobs.db");

        Assert.Equal(1, await coordinator.ExitAsync());
        Assert.Contains("/proc/nowhere/jobs.db", coordinator.Errors, StringComparison.Ordinal);
    }
}
