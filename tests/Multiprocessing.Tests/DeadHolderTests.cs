using System.Diagnostics;
using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// A killed process releases everything it holds, so that other processes do not wait for it. In Python each of these cases hangs.
/// </summary>
public sealed class DeadHolderTests
{
    [Fact]
    public async Task Lock_HolderIsKilled_IsAcquiredByTheNextWaiter()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync().Soon();
        await Kill(HoldLock, shared);
        await using var hold = await shared.AcquireAsync(Waiting.Guard).Soon();
        Assert.True(hold.WasAbandoned);
    }

    [Fact]
    public async Task ReentrantLock_HolderThatAcquiredTwiceIsKilled_IsAcquiredByTheNextWaiter()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateReentrantLockAsync().Soon();
        await Kill(HoldTwice, shared);
        await using var hold = await shared.AcquireAsync(Waiting.Guard).Soon();
        Assert.True(hold.WasAbandoned);
    }

    [Fact]
    public async Task Semaphore_HolderIsKilled_RegainsItsPermit()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var semaphore = await manager.CreateBoundedSemaphoreAsync(1).Soon();
        await Kill(HoldPermit, semaphore);
        await using var hold = await semaphore.AcquireAsync(Waiting.Guard).Soon();
    }

    [Fact]
    public async Task Condition_HolderIsKilled_WakesTheWaiters()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        await using var hold = await condition.AcquireAsync().Soon();
        var waiting = condition.WaitAsync(Waiting.Guard);
        await Kill(HoldCondition, condition);
        Assert.True(await waiting.Soon());
        Assert.True(hold.WasAbandoned);
    }

    [Fact]
    public async Task Condition_WaiterIsKilled_ReleasesItsLock()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        var asleep = await manager.CreateSemaphoreAsync(0).Soon();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(SleepForEver, condition, asleep, JobOptions.AtMostOnce);
        Assert.True(await asleep.WaitAsync(Waiting.Guard).Soon());
        await using (await condition.AcquireAsync(Waiting.Guard).Soon())
        {
            ProcessIds.Kill((await own.WhenAsync(_ => true)).ProcessId);
            await job.Fails<WorkerLostException>();
            await condition.NotifyAsync().Soon();
        }

        // The lock may be abandoned or not: the notification may have passed it to the waiter before its death was detected.
        await using var hold = await condition.AcquireAsync(Waiting.Guard).Soon();
    }

    [Fact]
    public async Task Barrier_PartyIsKilled_BreaksForTheOthers()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await manager.CreateBarrierAsync(3).Soon();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(other => other.SignalAndWait(), barrier, JobOptions.AtMostOnce);
        Assert.True(await Waiting.Until(() => barrier.WaitingCount == 1, Waiting.Guard));
        var waiting = barrier.SignalAndWaitAsync();
        ProcessIds.Kill((await own.WhenAsync(_ => true)).ProcessId);
        await waiting.Fails<BrokenBarrierException>();
        await job.Fails<WorkerLostException>();
    }

    [Fact]
    public async Task Pipe_ProcessAtTheOtherEndIsKilled_Ends()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var (here, there) = await manager.CreatePipeAsync<int>().Soon();
        await Kill(SendOne, there);
        Assert.Equal(1, await here.ReceiveAsync().Soon());
        await Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync()).Soon();
    }

    /// <summary>
    /// An item that user code has received is delivered, even if its process ends immediately afterward. No other consumer receives it.
    /// </summary>
    [LongFact]
    public async Task Queue_ConsumerEndsWithADeliveredItem_DoesNotRedeliverIt()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var queue = await manager.CreateQueueAsync<int>().Soon();
        await using var own = await TestPool.StartAsync(2);
        for (var i = 0; i < 20; i++)
        {
            await queue.PutAsync(i).Soon();
            await queue.PutAsync(-1).Soon();
            var job = own.Pool.ApplyAsync(GetAndDie, queue, JobOptions.AtMostOnce);
            await job.Fails<WorkerLostException>();
            Assert.Equal(-1, await queue.GetAsync().Soon());
            Assert.Equal(0, queue.Count);
        }
    }

    /// <summary>The number of replies exceeds the number that a worker can record before its node reads them.</summary>
    [Fact]
    public async Task Queue_ConsumerEndsWithManyDeliveredItems_RedeliversNone()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var queue = await manager.CreateQueueAsync<int>().Soon();
        await queue.PutManyAsync(Enumerable.Range(0, 1001)).Soon();
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(GetOnManyThreadsAndDie, queue, JobOptions.AtMostOnce).Fails<WorkerLostException>();
        Assert.Equal(1, queue.Count);
    }

    /// <summary>Runs the job in a separate process until it reaches the checkpoint, and kills that process.</summary>
    private static async Task Kill<T>(Action<T, int> job, T shared)
    {
        await using var own = await TestPool.StartAsync(1);
        using var checkpoint = new Checkpoint();
        var running = own.Pool.ApplyAsync(job, shared, checkpoint.Port, JobOptions.AtMostOnce);
        using var held = await checkpoint.NextAsync();
        ProcessIds.Kill(held.ProcessId);
        await running.Fails<WorkerLostException>();
    }

    private static void HoldLock(ManagedLock shared, int port)
    {
        using var hold = shared.Acquire();
        Checkpoint.ReportAndWait(port);
    }

    private static void GetAndDie(ManagedQueue<int> queue)
    {
        _ = queue.Get();
        Process.GetCurrentProcess().Kill();
    }

    private static async Task GetOnManyThreadsAndDie(ManagedQueue<int> queue)
    {
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => queue.GetAsync()));
        Process.GetCurrentProcess().Kill();
    }

    private static void SendOne(PipeEnd<int> end, int port)
    {
        end.Send(1);
        Checkpoint.ReportAndWait(port);
    }

    private static void HoldTwice(ManagedReentrantLock shared, int port)
    {
        using var first = shared.Acquire();
        using var second = shared.Acquire();
        Checkpoint.ReportAndWait(port);
    }

    private static void HoldPermit(ManagedSemaphore semaphore, int port)
    {
        using var hold = semaphore.Acquire();
        Checkpoint.ReportAndWait(port);
    }

    private static void HoldCondition(ManagedCondition condition, int port)
    {
        using var hold = condition.Acquire();
        Checkpoint.ReportAndWait(port);
    }

    private static void SleepForEver(ManagedCondition condition, ManagedSemaphore asleep)
    {
        using var hold = condition.Acquire();
        asleep.Release();
        condition.Wait();
    }
}
