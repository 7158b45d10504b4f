using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Managed objects of one coordinator, reached through any other.</summary>
public sealed class SeveralCoordinatorsTests
{
    private const int Items = 200;

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task ManagedObjects_OfOneCoordinator_AreReachedThroughTheOthersUntilItIsLost()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await cluster.StartNodeAsync(2);
        await using var first = await Manager.StartAsync(cluster.AddressOf(0));
        await using var second = await Manager.StartAsync(cluster.AddressOf(1));
        await using var pool = await ProcessPool.StartAsync(connect: cluster.AddressOf(2));
        var queue = await first.CreateQueueAsync<int>(capacity: 10);
        await first.PublishAsync("numbers", queue);

        await CarriesAllAsync(pool, queue, await second.FindAsync<ManagedQueue<int>>("numbers"));
        await IsFreeWhenItsHolderDiesAsync(pool, await first.CreateLockAsync(), queue);
        await HoldsThemAsync(second, queue);
        var other = await second.CreateQueueAsync<int>();
        var taken = await Assert.ThrowsAsync<InvalidOperationException>(() => second.PublishAsync("numbers", other));
        Assert.Contains("numbers", taken.Message, StringComparison.Ordinal);
        await IsLostAsync(second, pool, coordinators[0], other);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Proxy_ConnectionLost_WorksThroughAnotherCoordinator()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await using var way = await Manager.StartAsync(cluster.AddressOf(0));
        await using var home = await Manager.StartAsync(cluster.AddressOf(1));
        var queue = await home.CreateQueueAsync<int>();
        await home.PublishAsync("numbers", queue);
        var found = await way.FindAsync<ManagedQueue<int>>("numbers");
        var waiting = found.GetAsync();

        coordinators[0].Kill();
        await Assert.ThrowsAsync<CoordinatorLostException>(() => waiting.WaitAsync(Guard.Longest));
        cluster.LaunchCoordinator(0);
        await Guard.UntilAsync(() => TryPut(found, 2), Guard.Longest);

        Assert.Equal(2, await queue.GetAsync());
        await way.CreateLockAsync();
    }

    private static bool TryPut(ManagedQueue<int> queue, int item)
    {
        try
        {
            queue.Put(item);
            return true;
        }
        catch (CoordinatorLostException)
        {
            return false;
        }
    }

    private static async Task CarriesAllAsync(ProcessPool pool, ManagedQueue<int> queue, ManagedQueue<int> found)
    {
        await pool.ExecutorsAsync(2);
        var consumer = pool.ApplyAsync(Functions.Consume, queue, Items);
        var producer = pool.ApplyAsync(Functions.Produce, found, Items);
        Assert.Equal(Enumerable.Range(0, Items), (await consumer).Items);
        await producer;
    }

    private static async Task IsFreeWhenItsHolderDiesAsync(ProcessPool pool, ManagedLock managedLock, ManagedQueue<int> held)
    {
        var job = pool.ApplyAsync(Functions.HoldForEver, managedLock, held, JobOptions.AtMostOnce);
        var holder = await held.GetAsync();
        Assert.Null(await managedLock.TryAcquireAsync());

        pool.Kill(pool.Workers.Single(executor => executor.ProcessId == holder));

        await using var hold = await managedLock.AcquireAsync(TimeSpan.FromSeconds(10));
        Assert.True(hold.WasAbandoned);
        await Assert.ThrowsAsync<WorkerLostException>(async () => await job);
    }

    private static async Task HoldsThemAsync(Manager elsewhere, ManagedQueue<int> queue)
    {
        var queues = await elsewhere.CreateQueueAsync<ManagedQueue<int>>();
        await queues.PutAsync(await elsewhere.FindAsync<ManagedQueue<int>>("numbers"));
        await queue.PutAsync(42);
        Assert.Equal(42, await (await queues.GetAsync()).GetAsync());
    }

    private static async Task IsLostAsync(Manager manager, ProcessPool pool, RoleProcess home, ManagedQueue<int> other)
    {
        var found = await manager.FindAsync<ManagedQueue<int>>("numbers");
        var waiting = found.GetAsync();

        home.Kill();

        await Assert.ThrowsAsync<CoordinatorLostException>(() => waiting.WaitAsync(Guard.Longest));
        await Assert.ThrowsAsync<CoordinatorLostException>(() => found.PutAsync(1).WaitAsync(Guard.Longest));
        await Assert.ThrowsAsync<CoordinatorLostException>(async () => await pool.ApplyAsync(Functions.Produce, found, 1)
            .Task.WaitAsync(Guard.Longest));
        await manager.PublishAsync("numbers", other);
        await pool.ApplyAsync(Functions.Produce, await manager.FindAsync<ManagedQueue<int>>("numbers"), 1);
        Assert.Equal(0, await other.GetAsync());
    }
}
