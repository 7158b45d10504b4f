using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestQueue</c>, <c>TestSimpleQueue</c> and the queues of <c>TestSyncManagerTypes</c>. Tests of Python's feeder threads and
/// pipes have no counterpart, because a queue is an actor here.
/// </summary>
public sealed class QueueTests(ContainerTests.Setup setup) : IClassFixture<ContainerTests.Setup>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private readonly Manager _manager = setup.Manager;
    private readonly ProcessPool _pool = setup.Pool.Pool;

    /// <summary><c>test_put</c>, <c>test_timeout</c></summary>
    [Fact]
    public async Task Put_FullQueue_WaitsUntilTheTimeout()
    {
        var queue = await _manager.CreateQueueAsync<int>(capacity: 6);
        Assert.True(queue.IsEmpty);
        queue.PutMany([1, 2, 3, 4]);
        queue.Put(5, Short);
        Assert.True(queue.TryPut(6));
        Assert.True(queue.IsFull);

        Assert.False(queue.TryPut(7));
        Assert.Throws<QueueFullException>(() => queue.Put(7, Short));
        await Assert.ThrowsAsync<QueueFullException>(() => queue.PutAsync(7, Short));

        var putting = queue.PutAsync(7);
        var taken = await _pool.ApplyAsync(q => new[] { q.Get(), q.Get(), q.Get() }, queue).Soon();
        Assert.Equal([1, 2, 3], taken);
        await putting.Soon();
        Assert.Equal(4, queue.Count);
    }

    /// <summary><c>test_get</c>, <c>test_qsize</c>, <c>test_empty</c></summary>
    [Fact]
    public async Task Get_EmptyQueue_WaitsUntilTheTimeout()
    {
        var queue = await _manager.CreateQueueAsync<string?>();

        Assert.False(queue.TryGet(out _));
        Assert.Throws<QueueEmptyException>(() => queue.Get(Short));
        var getting = queue.GetAsync();
        await _pool.ApplyAsync(q => q.PutMany(["a", null]), queue).Soon();

        Assert.Equal("a", await getting.Soon());
        Assert.Equal(1, queue.Count);
        Assert.True(queue.TryGet(out var item));
        Assert.Null(item);
    }

    /// <summary><c>test_closed_queue_put_get_exceptions</c>. Python closes the queue; here its manager ends.</summary>
    [Fact]
    public async Task Queue_ManagerHasEnded_Throws()
    {
        ManagedQueue<int> queue;
        Task<int> getting;
        await using (var manager = await Manager.StartAsync().Soon())
        {
            queue = await manager.CreateQueueAsync<int>().Soon();
            getting = queue.GetAsync();
        }

        await Assert.ThrowsAsync<ManagedObjectGoneException>(() => getting.Soon());
        Assert.Throws<ManagedObjectGoneException>(() => queue.Put(1));
        Assert.Throws<ManagedObjectGoneException>(() => queue.TryGet(out _));
        Assert.Throws<ManagedObjectGoneException>(() => queue.Count);
    }

    /// <summary><c>test_task_done</c></summary>
    [Fact]
    public async Task Join_EveryItemIsDone_Returns()
    {
        var queue = await _manager.CreateQueueAsync<int>();
        Assert.True(queue.Join());
        var workers = Enumerable.Range(0, 2).Select(_ => _pool.ApplyAsync(WorkUntilMinusOne, queue)).ToArray();
        queue.PutMany(Enumerable.Range(0, 20));

        Assert.True(await queue.JoinAsync().Soon());

        Assert.Equal(0, queue.Count);
        queue.PutMany([-1, -1]);
        Assert.Equal(20, await workers[0].Soon() + await workers[1].Soon());
        Assert.True(queue.Join());
    }

    /// <summary><c>test_joinable_queue</c>: Python raises <c>ValueError</c>.</summary>
    [Fact]
    public async Task TaskDone_TooOften_IsRefused()
    {
        var queue = await _manager.CreateQueueAsync<int>();
        queue.Put(1);
        Assert.False(queue.Join(Short));
        queue.Get();
        queue.TaskDone();

        Assert.Throws<InvalidOperationException>(() => queue.TaskDone());
        Assert.True(queue.Join());
    }

    /// <summary>In Python <c>join()</c> never returns, because the item of the killed process is never done.</summary>
    [Fact]
    public async Task Join_ConsumerIsKilledWithAnItem_StillReturns()
    {
        using var checkpoint = new Checkpoint();
        var queue = await _manager.CreateQueueAsync<int>();
        queue.Put(1);
        await using var process = await WorkerProcess.StartAsync(TakeAndHold, queue, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        var joining = queue.JoinAsync();

        ProcessIds.Kill(held.ProcessId);

        Assert.True(await joining.Soon());
    }

    [Fact]
    public async Task LifoQueue_SeveralItems_ReturnsTheNewestFirst()
    {
        var queue = await _manager.CreateLifoQueueAsync<int>();
        await _pool.ApplyAsync(q => q.PutMany([1, 2, 3]), queue).Soon();

        Assert.Equal([3, 2], queue.GetMany(2));
        queue.Put(4);
        Assert.Equal([4, 1], queue.GetMany(5));
    }

    [Fact]
    public async Task PriorityQueue_SeveralItems_ReturnsTheLeastFirstAndEqualOnesInOrder()
    {
        var queue = await _manager.CreatePriorityQueueAsync<string, (int, DayOfWeek)>();
        await _pool.ApplyAsync(Fill, queue).Soon();

        Assert.True(queue.TryGet(out var element, out var priority));
        Assert.Equal(("least", (-1, DayOfWeek.Friday)), (element, priority));
        Assert.Equal(["first", "second", "most"], [queue.Get(), await queue.GetAsync(), queue.Get()]);
        Assert.Throws<QueueEmptyException>(() => queue.Get(Short));
        await Assert.ThrowsAsync<ArgumentException>(() => _manager.CreatePriorityQueueAsync<int, Version>());
    }

    private static void Fill(ManagedPriorityQueue<string, (int, DayOfWeek)> queue)
    {
        queue.Put("most", (2, DayOfWeek.Sunday));
        queue.Put("first", (1, DayOfWeek.Monday));
        queue.Put("second", (1, DayOfWeek.Monday));
        queue.Put("least", (-1, DayOfWeek.Friday));
    }

    private static int WorkUntilMinusOne(ManagedQueue<int> queue)
    {
        for (var count = 0; ; count++)
        {
            var item = queue.Get();
            queue.TaskDone();
            if (item < 0)
                return count;
        }
    }

    private static void TakeAndHold(ManagedQueue<int> queue, int port)
    {
        queue.Get();
        Checkpoint.ReportAndWait(port);
    }
}
