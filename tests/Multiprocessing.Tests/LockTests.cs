using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestLock</c>. Disposing a hold replaces Python's <c>release()</c>, so that only the holder can release a lock.
/// </summary>
public sealed class LockTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary>
    /// <c>test_lock</c>. A second release raises in Python. Here it has no effect, because a hold releases only its own acquisition.
    /// </summary>
    [Fact]
    public async Task Lock_Held_IsRefusedToOthersUntilItsRelease()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync().Soon();
        var hold = shared.Acquire(Guard);
        Assert.Null(shared.TryAcquire());
        Assert.False(await warm.Pool.ApplyAsync(other => other.TryAcquire() is not null, shared).Soon());
        hold.Dispose();
        hold.Dispose();
        Assert.True(await warm.Pool.ApplyAsync(TryOnce, shared).Soon());
    }

    /// <summary><c>test_rlock</c></summary>
    [Fact]
    public async Task ReentrantLock_AcquiredThreeTimes_IsFreeAfterThreeReleases()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateReentrantLockAsync().Soon();
        for (var count = 3; count > 0; count--)
        {
            using var first = await shared.AcquireAsync(Guard);
            await using var second = await shared.AcquireAsync(Guard);
            using var third = await shared.AcquireAsync(Guard);
            Assert.Equal(first.FencingToken, third.FencingToken);
            Assert.False(await warm.Pool.ApplyAsync(TryOnce, shared).Soon());
        }

        Assert.False(shared.IsLocked);
        Assert.Equal(3, await warm.Pool.ApplyAsync(TakeThrice, shared).Soon());
        Assert.False(shared.IsLocked);
    }

    /// <summary><c>test_rlock</c>: a release by another thread raises <c>AssertionError</c> or <c>RuntimeError</c> in Python.</summary>
    [Fact]
    public async Task ReentrantLock_ReleasedByAnotherThread_ThrowsAndStaysHeld()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = manager.CreateReentrantLock();
        Exception? failure = null;
        OnThread(() =>
        {
            using var hold = shared.Acquire(Guard);
            OnThread(() =>
            {
                failure = Record.Exception(hold.Dispose);
                Assert.Null(shared.TryAcquire());
            });
        });
        Assert.IsType<LockNotHeldException>(failure);
        Assert.False(shared.IsLocked);
    }

    /// <summary>No counterpart in Python. The owner is a flow of asynchronous calls, and only while it holds the lock.</summary>
    [Fact]
    public async Task ReentrantLock_FlowsThatHeldItBefore_AreExcluded()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateReentrantLockAsync().Soon();
        await (await shared.AcquireAsync(Guard)).DisposeAsync();
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            await using var hold = await shared.AcquireAsync(Guard);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        })).Soon();
    }

    /// <summary><c>test_lock_context</c></summary>
    [Fact]
    public async Task Lock_EndOfUsingBlock_IsReleased()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync().Soon();
        using (shared.Acquire(Guard))
            Assert.True(shared.IsLocked);
        Assert.False(shared.IsLocked);
    }

    internal static void OnThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        Assert.True(thread.Join(Waiting.Guard));
    }

    private static bool TryOnce(ManagedLock shared)
    {
        using var hold = shared.TryAcquire();
        return hold is not null;
    }

    private static bool TryOnce(ManagedReentrantLock shared)
    {
        using var hold = shared.TryAcquire();
        return hold is not null;
    }

    private static int TakeThrice(ManagedReentrantLock shared)
    {
        using var first = shared.Acquire(Guard);
        using var second = shared.Acquire(Guard);
        using var third = shared.TryAcquire();
        return third is null ? 2 : 3;
    }
}
