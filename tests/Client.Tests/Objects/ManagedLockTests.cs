namespace Actors.Client.Tests.Objects;

/// <summary>The lock as a user sees it, over a real local coordinator.</summary>
public sealed class ManagedLockTests : IAsyncLifetime
{
    private Manager _manager = null!;

    public async Task InitializeAsync() => _manager = await Manager.StartAsync();

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task Acquire_Twice_IncreasesFencingToken()
    {
        var shared = await _manager.CreateLockAsync();
        long first;
        using (var hold = shared.Acquire())
        {
            first = hold.FencingToken;
            Assert.True(shared.IsLocked);
            Assert.False(hold.WasAbandoned);
        }

        Assert.False(shared.IsLocked);
        await using var second = await shared.AcquireAsync();
        Assert.True(second.FencingToken > first);
    }

    [Fact]
    public async Task Acquire_LockHeld_TimesOut()
    {
        var shared = await _manager.CreateLockAsync();
        using var hold = shared.Acquire();
        Assert.Null(shared.TryAcquire());
        await Assert.ThrowsAsync<TimeoutException>(() => shared.AcquireAsync(TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public async Task Acquire_Canceled_ReleasesTheLock()
    {
        var shared = await _manager.CreateLockAsync();
        using var cancel = new CancellationTokenSource();
        var hold = await shared.AcquireAsync();
        var waiting = shared.AcquireAsync(null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await hold.DisposeAsync();
        Assert.False(shared.IsLocked);
    }

    [Fact]
    public async Task Acquire_FromManyTasks_IsExclusive()
    {
        var shared = await _manager.CreateLockAsync();
        int count = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i = 0; i < 50; i++)
            {
                await using var hold = await shared.AcquireAsync();
                int read = count;
                await Task.Yield();
                count = read + 1;
            }
        }));
        Assert.Equal(400, count);
    }
}
