using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>The synchronization objects of CPython's <c>TestSyncManagerTypes</c>. Each object works in another process.</summary>
public sealed class SyncManagerTypeTests(WarmPool warm) : IClassFixture<WarmPool>
{
    /// <summary><c>test_event</c></summary>
    [Fact]
    public async Task Event_ResetByAnotherProcess_IsReset()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var happened = await manager.CreateEventAsync().Soon();
        happened.Set();
        await warm.Pool.ApplyAsync(other =>
        {
            if (!other.Wait())
                throw new InvalidOperationException();
            other.Reset();
        }, happened).Soon();
        Assert.False(happened.IsSet);
        Assert.False(happened.Wait(TimeSpan.FromMilliseconds(1)));
    }

    /// <summary>
    /// <c>test_lock</c>. In Python the parent releases the lock of the child; here only the holder, the child, can release it.
    /// </summary>
    [Fact]
    public async Task Lock_AcquiredByAnotherProcess_IsFreeAfterward()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync().Soon();
        await warm.Pool.ApplyAsync(other => other.Acquire().Dispose(), shared).Soon();
        Assert.False(shared.IsLocked);
    }

    /// <summary><c>test_rlock</c></summary>
    [Fact]
    public async Task ReentrantLock_AcquiredByAnotherProcess_IsFreeAfterward()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateReentrantLockAsync().Soon();
        await warm.Pool.ApplyAsync(other => other.Acquire().Dispose(), shared).Soon();
        Assert.False(shared.IsLocked);
    }

    /// <summary><c>test_semaphore</c></summary>
    [Fact]
    public async Task Semaphore_ExhaustedByAnotherProcess_IsReleasedByTheClient()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await UseUp(await manager.CreateSemaphoreAsync().Soon());
    }

    /// <summary><c>test_bounded_semaphore</c></summary>
    [Fact]
    public async Task BoundedSemaphore_ExhaustedByAnotherProcess_IsReleasedByTheClient()
    {
        await using var manager = await Manager.StartAsync().Soon();
        await UseUp(await manager.CreateBoundedSemaphoreAsync().Soon());
    }

    /// <summary><c>test_condition</c></summary>
    [Fact]
    public async Task Condition_AcquiredByAnotherProcess_IsFreeAfterward()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        await warm.Pool.ApplyAsync(other => other.Acquire().Dispose(), condition).Soon();
        await using var hold = await condition.AcquireAsync(Waiting.Guard).Soon();
    }

    /// <summary><c>test_barrier</c></summary>
    [Fact]
    public async Task Barrier_ResetByAnotherProcess_KeepsItsParties()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var barrier = await manager.CreateBarrierAsync(5).Soon();
        barrier.Abort();
        Assert.Equal(5, await warm.Pool.ApplyAsync(other =>
        {
            other.Reset();
            return other.ParticipantCount;
        }, barrier).Soon());
        Assert.False(barrier.IsBroken);
    }

    private async Task UseUp(ManagedSemaphore semaphore)
    {
        Assert.True(await warm.Pool.ApplyAsync(other => other.Wait(), semaphore).Soon());
        Assert.Equal(0, semaphore.CurrentCount);
        semaphore.Release();
        Assert.Equal(1, semaphore.CurrentCount);
    }
}
