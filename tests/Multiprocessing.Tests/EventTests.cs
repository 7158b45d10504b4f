using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestEvent</c>.</summary>
public sealed class EventTests(WarmPool warm) : IClassFixture<WarmPool>
{
    /// <summary><c>test_event</c></summary>
    [Fact]
    public async Task Event_SetByAnotherProcess_EndsTheWait()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var happened = await manager.CreateEventAsync().Soon();
        Assert.False(happened.IsSet);
        Assert.False(happened.Wait(TimeSpan.Zero));
        Assert.False(happened.Wait(TimeSpan.FromMilliseconds(20)));
        happened.Set();
        Assert.True(happened.IsSet);
        Assert.True(happened.Wait(TimeSpan.Zero));
        Assert.True(happened.Wait());
        happened.Reset();
        Assert.False(await happened.IsSetAsync().Soon());
        var waiting = happened.WaitAsync();
        await warm.Pool.ApplyAsync(other => other.Set(), happened).Soon();
        Assert.True(await waiting.Soon());
    }

    /// <summary>No counterpart in CPython. Waits end when their object no longer exists.</summary>
    [Fact]
    public async Task Event_ManagerEnds_EndsTheWait()
    {
        var manager = await Manager.StartAsync().Soon();
        await using var other = await Manager.StartAsync().Soon();
        var happened = await manager.CreateEventAsync().Soon();
        var waiting = happened.WaitAsync();
        await manager.DisposeAsync();
        await waiting.Fails<ManagedObjectGoneException>();
    }
}
