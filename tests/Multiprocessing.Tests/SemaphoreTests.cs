using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestSemaphore</c>.</summary>
public sealed class SemaphoreTests(WarmPool warm) : IClassFixture<WarmPool>
{
    /// <summary><c>test_semaphore</c></summary>
    [Fact]
    public async Task Semaphore_Released_MayExceedItsInitialCount()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var semaphore = await manager.CreateSemaphoreAsync(2).Soon();
        await UseUpAndRelease(semaphore);
        semaphore.Release();
        Assert.Equal(3, semaphore.CurrentCount);
        await warm.Pool.ApplyAsync(other => other.Release(), semaphore).Soon();
        Assert.Equal(4, semaphore.CurrentCount);
    }

    /// <summary><c>test_bounded_semaphore</c>; over-release raises <c>ValueError</c> in Python.</summary>
    [Fact]
    public async Task BoundedSemaphore_ReleasedTooOften_Throws()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var semaphore = await manager.CreateBoundedSemaphoreAsync(2).Soon();
        await UseUpAndRelease(semaphore);
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release());
        Assert.Equal(2, semaphore.CurrentCount);
    }

    /// <summary><c>test_timeout</c></summary>
    [Fact]
    public async Task Semaphore_WithoutPermits_TimesOut()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var semaphore = await manager.CreateSemaphoreAsync(0).Soon();
        Assert.False(semaphore.Wait(TimeSpan.Zero));
        Assert.Null(semaphore.TryAcquire());
        Assert.False(await semaphore.WaitAsync(TimeSpan.FromMilliseconds(20)).Soon());
        Assert.Throws<TimeoutException>(() => semaphore.Acquire(TimeSpan.FromMilliseconds(20)));
        Assert.Equal(0, semaphore.CurrentCount);
    }

    /// <summary>No counterpart in CPython. A hold replaces acquire and release.</summary>
    [Fact]
    public async Task Semaphore_HoldDisposedTwice_ReleasesOnePermit()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var semaphore = await manager.CreateSemaphoreAsync(1).Soon();
        var hold = await semaphore.AcquireAsync().Soon();
        Assert.Equal(0, semaphore.CurrentCount);
        hold.Dispose();
        await hold.DisposeAsync();
        Assert.Equal(1, semaphore.CurrentCount);
    }

    private async Task UseUpAndRelease(ManagedSemaphore semaphore)
    {
        Assert.True(semaphore.Wait(Waiting.Guard));
        Assert.Equal(1, semaphore.CurrentCount);
        Assert.True(await warm.Pool.ApplyAsync(other => other.Wait(), semaphore).Soon());
        Assert.Equal(0, semaphore.CurrentCount);
        Assert.False(semaphore.Wait(TimeSpan.Zero));
        semaphore.Release(2);
        Assert.Equal(2, semaphore.CurrentCount);
    }
}
