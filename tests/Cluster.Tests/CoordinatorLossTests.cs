using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>The death of a coordinator or of a client.</summary>
public sealed class CoordinatorLossTests(ITestOutputHelper output)
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_Killed_CallsFailAndANewOneIsJoined()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        var nodes = await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await using var manager = await Manager.StartAsync(cluster.Address);
        var queue = await manager.CreateQueueAsync<int>();
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(2);
        var jobs = Enumerable.Range(0, 4).Select(_ => pool.ApplyAsync(Functions.Sleep, TimeSpan.FromHours(1))).ToList();
        var get = queue.GetAsync();

        coordinator.Kill();

        var clock = Stopwatch.StartNew();
        foreach (var waiting in jobs.Select(job => job.Completion).Append(get))
            await Assert.ThrowsAsync<CoordinatorLostException>(() => waiting.WaitAsync(Guard.Longest));
        output.WriteLine($"From kill -9 of the coordinator to the end of the last waiting handle: {clock.ElapsedMilliseconds} ms.");
        await Assert.ThrowsAsync<CoordinatorLostException>(() => queue.PutAsync(1).WaitAsync(Guard.Longest));
        Assert.Throws<CoordinatorLostException>(() => { pool.ApplyAsync(Functions.ProcessId); });
        await Guard.UntilAsync(() => cluster.Executors().Count == 0, TimeSpan.FromSeconds(10));

        clock.Restart();
        await cluster.StartCoordinatorAsync();
        var listening = clock.Elapsed;
        await Task.WhenAll(nodes.Select(node => node.SaysAsync("joined", times: 2)));
        var rejoining = clock.Elapsed - listening;
        output.WriteLine($"From the new coordinator's listening to the second node's joining again: {rejoining.TotalMilliseconds:0} ms.");
        await using var next = await ProcessPool.StartAsync(connect: cluster.Address);
        await next.ExecutorsAsync(2);
        Assert.Equal(49, await next.ApplyAsync(Functions.Square, 7));
        Assert.Equal(2, cluster.Executors().Count);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Client_Killed_OnlyItsWorkersEnd()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await using var pool = await ProcessPool.StartAsync(processes: 1, connect: cluster.Address);
        var job = pool.ApplyAsync(Functions.Work, 1, 6_000, JobOptions.AtMostOnce);
        await pool.ExecutorsAsync(1);
        var client = cluster.Run("Actors.Cluster.Tests.dll", cluster.Address);
        await client.SaysAsync(EndlessClient.Ready);
        Assert.Equal(2, cluster.Executors().Count);

        var clock = Stopwatch.StartNew();
        client.Kill();
        await Guard.UntilAsync(() => cluster.Executors().SequenceEqual([pool.Workers.Single().ProcessId]), TimeSpan.FromSeconds(10));

        output.WriteLine($"From kill -9 of a client to the end of its executors: {clock.ElapsedMilliseconds} ms.");
        Assert.Equal(1, (await job).Index);
    }
}
