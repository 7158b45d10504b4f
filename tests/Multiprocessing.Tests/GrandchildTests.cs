using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Workers that start workers: what is shared reaches all of them, and the end of one is the end of those below it.</summary>
public sealed class GrandchildTests
{
    /// <summary><c>test_recursion</c>: a tree of processes, each of which says who it is over what it was given.</summary>
    [LongFact]
    public async Task Recursion_ATreeOfProcesses_AllReachTheObjectsOfTheFirst()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var places = await manager.CreateQueueAsync<string>();
        await using var process = await WorkerProcess.StartAsync(Grow, places, "").Soon();
        Assert.Equal(0, await process.JoinAsync().WaitAsync(4 * Waiting.Guard));
        Assert.Equal(["", "0", "00", "01", "1", "10", "11"], (await places.GetManyAsync(100)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Objects_OfTheFirstProcess_WorkForTheWorkersOfAWorker()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var counts = await manager.CreateDictionaryAsync<string, int>([new("a", 0)]);
        var gate = await manager.CreateLockAsync();
        var (here, there) = await manager.CreatePipeAsync<string>();
        await using var pool = await ProcessPool.StartAsync(1).Soon();
        var job = pool.ApplyAsync(CountInWorkersAsync, counts, gate, there);
        Assert.Equal("ready", await here.ReceiveAsync().Soon());
        await here.SendAsync("go").Soon();
        await job.Soon();
        Assert.Equal(40, counts["a"]);
        Assert.False(gate.IsLocked);
    }

    /// <summary>An object of the worker's own may hold one of the first process; the other way round nobody there could reach it.</summary>
    [LongFact]
    public async Task Objects_OfBothProcesses_AreNestedOnlyTheWayThatCanBeReached()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var outer = await manager.CreateListAsync<ManagedQueue<int>>();
        var queue = await manager.CreateQueueAsync<int>();
        await using var pool = await ProcessPool.StartAsync(1).Soon();
        Assert.Equal("managed object", await pool.ApplyAsync(NestAsync, outer, queue).Soon());
        Assert.Equal(7, queue.Get(Waiting.Guard));
    }

    [LongFact]
    public async Task Lock_HeldByAWorkersWorkerThatIsKilled_IsFree()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync();
        using var gate = new Gate();
        await using var pool = await ProcessPool.StartAsync(1).Soon();
        var job = pool.ApplyAsync(HoldInAWorkerAsync, shared, gate.Port);
        using var holder = await gate.NextAsync();
        Assert.Null(shared.TryAcquire());
        ProcessIds.Kill(holder.ProcessId);
        await using var hold = await shared.AcquireAsync(Waiting.Guard).Soon();
        Assert.True(hold.WasAbandoned);
        Assert.Equal(-9, await job.Soon());
    }

    /// <summary>Python: the grandchild lives on and holds the lock for ever.</summary>
    [LongFact]
    public async Task Worker_ThatHasAWorkerIsKilled_BothAreGoneAndWhatTheyHeldIsFree()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync();
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(HoldInAWorkerAsync, shared, gate.Port, JobOptions.AtMostOnce);
        using var holder = await gate.NextAsync();
        var child = (await own.WhenAsync(_ => true)).ProcessId;
        Assert.NotEqual(child, holder.ProcessId);

        ProcessIds.Kill(child);

        await job.Fails<WorkerLostException>();
        await using var hold = await shared.AcquireAsync(Waiting.Guard).Soon();
        Assert.True(hold.WasAbandoned);
        Assert.True(await Waiting.Until(() => !ProcessIds.IsRunning(holder.ProcessId), Waiting.Guard));
    }

    private static async Task Grow(ManagedQueue<string> places, string place)
    {
        places.Put(place);
        if (place.Length == 2)
            return;
        foreach (var branch in "01")
        {
            await using var child = await WorkerProcess.StartAsync(Grow, places, place + branch);
            await child.JoinAsync();
        }
    }

    private static async Task CountInWorkersAsync(ManagedDictionary<string, int> counts, ManagedLock gate, PipeEnd<string> end)
    {
        end.Send("ready");
        _ = end.Receive();
        await using var pool = await ProcessPool.StartAsync(2);
        await pool.MapAsync(_ => Count(counts, gate), Enumerable.Range(0, 40), chunkSize: 1);
    }

    private static int Count(ManagedDictionary<string, int> counts, ManagedLock gate)
    {
        using var hold = gate.Acquire();
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
        Gate.Pass(port);
    }
}
