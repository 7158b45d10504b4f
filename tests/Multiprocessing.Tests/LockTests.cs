using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestLock</c>. A hold is disposed of where Python calls <c>release()</c>: nobody can release what he does not hold.</summary>
public sealed class LockTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary><c>test_lock</c>; a second release, which raises in Python, does nothing: it cannot hit another's hold.</summary>
    [Fact]
    public async Task Lock_Taken_IsRefusedToOthersUntilItsRelease()
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
    public async Task ReentrantLock_TakenThreeTimes_IsFreeAfterThreeReleases()
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

    /// <summary><c>test_rlock</c>: release by who is not the owner, <c>AssertionError</c> or <c>RuntimeError</c> in Python.</summary>
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

    /// <summary>What Python has no equal of: the flow of asynchronous calls is the owner, and only while it holds the lock.</summary>
    [Fact]
    public async Task ReentrantLock_TakenByFlowsThatHadItBefore_ExcludesThem()
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
    public async Task Lock_AtTheEndOfItsBlock_IsReleased()
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
