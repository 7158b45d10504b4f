using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Workers start nested workers. All of them use shared objects, and nested workers end with their parent.</summary>
public sealed class GrandchildTests
{
    /// <summary><c>test_recursion</c>: each process of a tree writes its position to a queue that it received as an argument.</summary>
    [LongFact]
    public async Task Recursion_TreeOfProcesses_AllUseTheObjectsOfTheFirst()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var positions = await manager.CreateQueueAsync<string>();
        await using var process = await WorkerProcess.StartAsync(Grow, positions, "").Soon();
        Assert.Equal(0, await process.JoinAsync().WaitAsync(4 * Waiting.Guard));
        Assert.Equal(["", "0", "00", "01", "1", "10", "11"], (await positions.GetManyAsync(100)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Objects_OfTheFirstProcess_WorkInNestedWorkers()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var counts = await manager.CreateDictionaryAsync<string, int>([new("a", 0)]);
        var lockObject = await manager.CreateLockAsync();
        var (here, there) = await manager.CreatePipeAsync<string>();
        await using var pool = await ProcessPool.StartAsync(1).Soon();
        var job = pool.ApplyAsync(CountInWorkersAsync, counts, lockObject, there);
        Assert.Equal("ready", await here.ReceiveAsync().Soon());
        await here.SendAsync("go").Soon();
        await job.Soon();
        Assert.Equal(40, counts["a"]);
        Assert.False(lockObject.IsLocked);
    }

    /// <summary>
    /// An object of the worker may contain an object of the first process, but not the reverse: the first process cannot reach the worker's
    /// objects.
    /// </summary>
    [LongFact]
    public async Task Objects_OfTwoProcesses_NestOnlyInReachableDirection()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var outer = await manager.CreateListAsync<ManagedQueue<int>>();
        var queue = await manager.CreateQueueAsync<int>();
        await using var pool = await ProcessPool.StartAsync(1).Soon();
        Assert.Equal("managed object", await pool.ApplyAsync(NestAsync, outer, queue).Soon());
        Assert.Equal(7, queue.Get(Waiting.Guard));
    }

    [LongFact]
    public async Task Lock_NestedWorkerThatHoldsItIsKilled_IsReleased()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync();
        using var checkpoint = new Checkpoint();
        await using var pool = await ProcessPool.StartAsync(1).Soon();
        var job = pool.ApplyAsync(HoldInAWorkerAsync, shared, checkpoint.Port);
        using var holder = await checkpoint.NextAsync();
        Assert.Null(shared.TryAcquire());
        ProcessIds.Kill(holder.ProcessId);
        await using var hold = await shared.AcquireAsync(Waiting.Guard).Soon();
        Assert.True(hold.WasAbandoned);
        Assert.Equal(-9, await job.Soon());
    }

    /// <summary>In Python the grandchild continues to run and holds the lock forever.</summary>
    [LongFact]
    public async Task Worker_WithANestedWorkerIsKilled_BothEndAndTheirLocksAreReleased()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync();
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(HoldInAWorkerAsync, shared, checkpoint.Port, JobOptions.AtMostOnce);
        using var holder = await checkpoint.NextAsync();
        var child = (await own.WhenAsync(_ => true)).ProcessId;
        Assert.NotEqual(child, holder.ProcessId);

        ProcessIds.Kill(child);

        await job.Fails<WorkerLostException>();
        await using var hold = await shared.AcquireAsync(Waiting.Guard).Soon();
        Assert.True(hold.WasAbandoned);
        Assert.True(await Waiting.Until(() => !ProcessIds.IsRunning(holder.ProcessId), Waiting.Guard));
    }

    private static async Task Grow(ManagedQueue<string> positions, string position)
    {
        positions.Put(position);
        if (position.Length == 2)
            return;
        foreach (var branch in "01")
        {
            await using var child = await WorkerProcess.StartAsync(Grow, positions, position + branch);
            await child.JoinAsync();
        }
    }

    private static async Task CountInWorkersAsync(ManagedDictionary<string, int> counts, ManagedLock lockObject, PipeEnd<string> end)
    {
        end.Send("ready");
        _ = end.Receive();
        await using var pool = await ProcessPool.StartAsync(2);
        await pool.MapAsync(_ => Count(counts, lockObject), Enumerable.Range(0, 40), chunkSize: 1);
    }

    private static int Count(ManagedDictionary<string, int> counts, ManagedLock lockObject)
    {
        using var hold = lockObject.Acquire();
        return counts["a"] = counts["a"] + 1;
    }

    private static async Task<string> NestAsync(ManagedList<ManagedQueue<int>> outer, ManagedQueue<int> queue)
    {
        await using var manager = await Manager.StartAsync();
        var own = await manager.CreateListAsync([queue]);
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.ApplyAsync(list => list[0].Put(7), own);
        var exception = Assert.Throws<InvalidOperationException>(() => outer.Add(manager.CreateQueue<int>()));
        return exception.Message.Contains("managed object", StringComparison.Ordinal) ? "managed object" : exception.Message;
    }

    private static async Task<int?> HoldInAWorkerAsync(ManagedLock shared, int port)
    {
        await using var process = await WorkerProcess.StartAsync(Hold, shared, port);
        return await process.JoinAsync();
    }

    private static void Hold(ManagedLock shared, int port)
    {
        using var hold = shared.Acquire();
        Checkpoint.ReportAndWait(port);
    }
}
