using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestCondition</c>, with waiters in two processes and on threads of this one.</summary>
public sealed class ConditionTests(WarmPool warm) : IClassFixture<WarmPool>
{
    /// <summary><c>test_notify</c></summary>
    [Fact]
    public async Task Notify_Repeated_WakesOneWaiterEachTime()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var sleepers = new Sleepers(manager);
        sleepers.Start(warm.Pool, 1, 1);
        await sleepers.AllAsleep(2);
        await sleepers.Notify(1);
        await sleepers.Woken(1);
        Assert.Equal(0, sleepers.Awake.CurrentCount);
        await sleepers.Notify(1);
        await sleepers.Woken(1);
        Assert.All(await sleepers.Results(), Assert.True);
    }

    /// <summary><c>test_notify_all</c></summary>
    [Fact]
    public async Task NotifyAll_EarlierWaitersTimedOut_WakesCurrentWaiters()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var early = new Sleepers(manager);
        early.Start(warm.Pool, 2, 2, milliseconds: 20);
        await early.AllAsleep(4);
        Assert.All(await early.Results(), Assert.False);

        var late = new Sleepers(manager);
        late.Start(warm.Pool, 2, 2);
        await late.AllAsleep(4);
        Assert.Equal(0, late.Awake.CurrentCount);
        using (late.Condition.Acquire(Waiting.Guard))
            late.Condition.NotifyAll();
        Assert.All(await late.Results(), Assert.True);
    }

    /// <summary><c>test_notify_n</c></summary>
    [Fact]
    public async Task Notify_MoreThanTheWaiters_WakesAllAndKeepsNoNotification()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var sleepers = new Sleepers(manager);
        sleepers.Start(warm.Pool, 2, 2);
        await sleepers.AllAsleep(4);
        await sleepers.Notify(2);
        await sleepers.Woken(2);
        Assert.Equal(0, sleepers.Awake.CurrentCount);
        await sleepers.Notify(4);
        Assert.All(await sleepers.Results(), Assert.True);
        await sleepers.Notify(3);
        using var hold = sleepers.Condition.Acquire(Waiting.Guard);
        Assert.False(sleepers.Condition.Wait(TimeSpan.Zero));
    }

    /// <summary><c>test_timeout</c></summary>
    [Fact]
    public async Task Wait_WithoutANotification_ReacquiresTheLockAndReturnsFalse()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        await using var hold = await condition.AcquireAsync().Soon();
        var token = hold.FencingToken;
        Assert.False(await condition.WaitAsync(TimeSpan.FromMilliseconds(20)).Soon());
        Assert.True(hold.FencingToken > token);
        await condition.NotifyAllAsync().Soon();
    }

    /// <summary><c>test_waitfor</c></summary>
    [Fact]
    public async Task WaitFor_AnotherProcessMeetsTheCondition_ReturnsTrue()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        var state = await manager.CreateQueueAsync<int>().Soon();
        var waiter = warm.Pool.ApplyAsync(
            (own, values) =>
            {
                using var hold = own.Acquire();
                own.Notify();
                return own.WaitFor(() => values.Count == 4, TimeSpan.FromSeconds(25));
            },
            condition, state);
        for (var i = 0; i < 4; i++)
        {
            await using var hold = await condition.AcquireAsync().Soon();
            await state.PutAsync(i).Soon();
            await condition.NotifyAsync().Soon();
        }

        Assert.True(await waiter.Soon());
    }

    /// <summary><c>test_waitfor_timeout</c></summary>
    [Fact]
    public async Task WaitFor_ConditionIsNotMet_ReturnsFalseAfterTheTimeout()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        var calls = 0;
        await using var hold = await condition.AcquireAsync().Soon();
        Assert.False(await condition.WaitForAsync(() => calls++ < 0, TimeSpan.FromMilliseconds(20)).Soon());
        Assert.True(calls >= 2);
    }

    /// <summary><c>test_wait_result</c>. A canceled token replaces Python's <c>KeyboardInterrupt</c>.</summary>
    [Fact]
    public async Task Wait_NotifiedOrNot_ReturnsWhetherItWasNotified()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var shared = await manager.CreateLockAsync().Soon();
        var condition = manager.CreateCondition(shared);
        await using var hold = await shared.AcquireAsync().Soon();
        Assert.False(condition.Wait(TimeSpan.Zero));
        var notifier = warm.Pool.ApplyAsync(
            other =>
            {
                using var taken = other.Acquire();
                other.Notify();
            },
            condition);
        Assert.True(condition.Wait(Waiting.Guard));
        await notifier.Soon();

        using var cancel = new CancellationTokenSource();
        var waiting = condition.WaitAsync(null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        condition.Notify();
    }

    /// <summary>Python's <c>RuntimeError</c>: <c>wait</c> and <c>notify</c> require the lock.</summary>
    [Fact]
    public async Task Wait_WithoutTheLock_Throws()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var condition = await manager.CreateConditionAsync().Soon();
        Assert.Throws<LockNotHeldException>(() => condition.Wait());
        Assert.Throws<LockNotHeldException>(() => condition.Notify());
        Assert.Throws<LockNotHeldException>(() => condition.WaitFor(() => true));
        await Assert.ThrowsAsync<LockNotHeldException>(() => condition.NotifyAllAsync());
    }
}
