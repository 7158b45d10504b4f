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

    /// <summary>The consumer keeps its item, and each item is acknowledged once. The producer repeats its puts with their keys.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_KilledWhileItemsAreHeld_EachItemIsAcknowledgedOnce()
    {
        const int Items = 300;
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await using var manager = await Manager.StartAsync(cluster.Address);
        var queue = await manager.OpenQueueAsync<int>(Name).WaitAsync(Guard.Longest);
        await queue.PutOnceAsync(0, "0").WaitAsync(Guard.Longest);
        var held = await queue.ReceiveAsync().WaitAsync(Guard.Longest);

        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var producing = Task.WhenAll(PutOnceAsync(queue, Items), PutOnceAsync(queue, Items));
        var consuming = ReceiveAsync(queue, Items - 1, half.SetResult);
        await half.Task.WaitAsync(Guard.Longest);
        coordinators.Single(coordinator => coordinator.Output.Contains($"durable queue '{Name}'", StringComparison.Ordinal)).Kill();

        Assert.Equal(Enumerable.Range(1, Items - 1), await consuming.WaitAsync(Guard.Longest));
        Assert.Equal(Items - 1, (await producing.WaitAsync(Guard.Longest)).Sum());
        Assert.Equal((0, 1), (held.Value, held.DeliveryCount));
        await held.AcknowledgeAsync().WaitAsync(Guard.Longest);
        Assert.True(await queue.JoinAsync(TimeSpan.Zero).WaitAsync(Guard.Longest));
    }

    /// <returns>The number of items that this producer has added.</returns>
    private static async Task<int> PutOnceAsync(ManagedQueue<int> queue, int count)
    {
        var added = 0;
        for (var i = 0; i < count; i++)
            added += await queue.PutOnceAsync(i, $"{i}") ? 1 : 0;
        return added;
    }

    private static async Task<List<int>> ReceiveAsync(ManagedQueue<int> queue, int count, Action atHalf)
    {
        var items = new List<int>();
        while (items.Count < count)
        {
            await using var item = await queue.ReceiveAsync();
            await item.AcknowledgeAsync();
            items.Add(item.Value);
            if (items.Count == count / 2)
                atHalf();
        }

        return items;
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
