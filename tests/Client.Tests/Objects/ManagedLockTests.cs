namespace Actors.Client.Tests.Objects;

public sealed class ManagedLockTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private readonly LocalObjects _objects = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _objects.DisposeAsync();

    [Fact]
    public async Task Lock_UnderManyTasks_HasOneHolderAtATimeAndGreaterTokens()
    {
        const int Tasks = 8, Each = 100;
        var managed = await _objects.LockAsync();
        var tokens = new List<long>();
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            for (var round = 0; round < Each; round++)
            {
                using var hold = task % 4 == 0 ? managed.Acquire() : await managed.AcquireAsync();
                Assert.Equal(1, Interlocked.Increment(ref inside));
                tokens.Add(hold.FencingToken);
                await Task.Yield();
                Assert.False(hold.WasAbandoned);
                Interlocked.Decrement(ref inside);
            }
        })));
        Assert.Equal(tokens.Distinct().Order(), tokens);
        Assert.Equal(Tasks * Each, tokens.Count);
        Assert.False(managed.IsLocked);
    }

    [Fact]
    public async Task Acquire_CancelledAtAnyMoment_LeavesTheLockToOthers()
    {
        var managed = await _objects.LockAsync();
        for (var round = 0; round < 300; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var acquire = managed.AcquireAsync(cancellationToken: cancellation.Token);
            await cancellation.CancelAsync();
            try
            {
                await (await acquire).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
            }
        }

        using var hold = managed.Acquire();
        Assert.True(managed.IsLocked);
    }

    [Fact]
    public async Task Acquire_OfATakenLock_ThrowsWhenItsTimeIsOver()
    {
        var managed = await _objects.LockAsync();
        using var hold = managed.Acquire();
        Assert.Throws<TimeoutException>(() => managed.Acquire(Short));
        await Assert.ThrowsAsync<TimeoutException>(() => managed.AcquireAsync(TimeSpan.Zero));
        Assert.Null(managed.TryAcquire());
        Assert.Null(await managed.TryAcquireAsync(Short));
    }

    [Fact]
    public async Task Dispose_Twice_ReleasesOnce()
    {
        var managed = await _objects.LockAsync();
        var hold = managed.Acquire();
        hold.Dispose();
        using var next = managed.Acquire();
        hold.Dispose();
        Assert.True(managed.IsLocked);
    }
}
