using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>A durable queue survives the loss of each process of the cluster, and open calls complete.</summary>
public sealed class DurableQueueTests(ITestOutputHelper output)
{
    private const string Name = "queue";

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_Killed_QueueMovesAndEachCallIsAppliedOnce()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await cluster.StartNodeAsync(1);
        await using var manager = await Manager.StartAsync(cluster.Address);
        var queue = await manager.OpenQueueAsync<int>(Name, new DurableQueueOptions { Capacity = 50 }).WaitAsync(Guard.Longest);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: new PoolOptions { DurableName = "pool" });
        var put = pool.ApplyAsync(Functions.Produce, queue, 5);
        Assert.Equal([0, 1, 2, 3, 4], await TakeAsync(queue, 5));
        await put.Task.WaitAsync(Guard.Longest);

        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taking = TakeAsync(queue, 400, atHalf: killed.SetResult);
        var putting = PutAsync(queue, 400);
        await killed.Task.WaitAsync(Guard.Longest);
        coordinators.Single(coordinator => coordinator.Output.Contains($"durable queue '{Name}'", StringComparison.Ordinal)).Kill();
        var clock = Stopwatch.StartNew();

        Assert.Equal(Enumerable.Range(0, 400), await taking.WaitAsync(Guard.Longest));
        await putting.WaitAsync(Guard.Longest);
        output.WriteLine($"From kill -9 of the queue's coordinator to the last of 200 items more: {clock.ElapsedMilliseconds} ms.");
        var again = pool.ApplyAsync(Functions.Produce, queue, 3);
        Assert.Equal([0, 1, 2], await TakeAsync(queue, 3));
        await again.Task.WaitAsync(Guard.Longest);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task OnlyCoordinator_Restarted_OpenCallsAreAppliedOnce()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync(withStore: true);
        await using var manager = await Manager.StartAsync(cluster.Address);
        var queue = await manager.OpenQueueAsync<int>(Name).WaitAsync(Guard.Longest);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taking = TakeAsync(queue, 1000, atHalf: killed.SetResult);
        // All at the same time, so that many are open.
        var putting = Task.WhenAll(Enumerable.Range(0, 1000).Select(number => queue.PutAsync(number)));
        await killed.Task.WaitAsync(Guard.Longest);

        coordinator.Kill();
        await cluster.StartCoordinatorAsync(withStore: true);

        Assert.Equal(Enumerable.Range(0, 1000), await taking.WaitAsync(Guard.Longest));
        await putting.WaitAsync(Guard.Longest);
        Assert.Equal(0, await queue.CountAsync());
    }

    private static async Task PutAsync(ManagedQueue<int> queue, int count)
    {
        for (var i = 0; i < count; i++)
            await queue.PutAsync(i);
    }

    private static async Task<List<int>> TakeAsync(ManagedQueue<int> queue, int count, Action? atHalf = null)
    {
        var items = new List<int>();
        while (items.Count < count)
        {
            items.Add(await queue.GetAsync());
            if (items.Count == count / 2)
                atHalf?.Invoke();
        }

        return items;
    }
}
