namespace Actors.Testing.Tests;

/// <summary>Managed objects whose users die, in the modes without processes.</summary>
public sealed class ManagedObjectTests
{
    [Fact]
    public async Task Lock_HolderDies_IsReleasedAndMarkedAsAbandoned()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill(FaultMoment.DuringJob));
        await using var pool = TestPool.Simulated(plan: plan, processes: 2);
        await using var manager = pool.CreateManager();
        var mutex = await manager.CreateLockAsync();

        var first = pool.ApplyAsync(HoldAsync, mutex, JobOptions.AtMostOnce);
        await Task.Delay(TimeSpan.FromSeconds(1), pool.Clock);
        var second = pool.ApplyAsync(HoldAsync, mutex);

        Assert.True(await second);
        await Assert.ThrowsAsync<WorkerLostException>(async () => await first);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromHours(1), TimeSpan.FromHours(1.1));
    }

    [Fact]
    public async Task Lock_TwoWorkers_ExcludeEachOther()
    {
        await using var pool = TestPool.Simulated(3, processes: 4);
        await using var manager = pool.CreateManager();
        var mutex = await manager.CreateLockAsync();
        var reentrant = await manager.CreateReentrantLockAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.ApplyAsync(HoldAsync, mutex)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.ApplyAsync(HoldReentrantAsync, reentrant)));

        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromHours(8), TimeSpan.FromHours(8.1));
    }

    [Fact]
    public async Task Queue_ConsumerDiesWithItsItem_OthersContinue()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2), Fault.Kill(FaultMoment.DuringJob));
        await using var pool = TestPool.Simulated(plan: plan, processes: 3);
        await using var manager = pool.CreateManager();
        var queue = await manager.CreateQueueAsync<int>();
        var sums = Enumerable.Range(0, 3).Select(_ => pool.ApplyAsync(ConsumeAsync, queue)).ToList();

        await Task.Delay(TimeSpan.FromSeconds(1), pool.Clock);
        for (var i = 1; i <= 30; i++)
            await queue.PutAsync(i);
        for (var i = 0; i < 3; i++)
            await queue.PutAsync(0);

        Assert.Equal(30 * 31 / 2, (await Task.WhenAll(sums)).Sum());
        plan.AssertAllInjected();
    }

    [Fact]
    public async Task Queue_JobBlocksAfterADelayOfAnHour_IsNotStuck()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Delay(TimeSpan.FromHours(2)));
        await using var pool = TestPool.Simulated(plan: plan);
        await using var manager = pool.CreateManager();
        var queue = await manager.CreateQueueAsync<int>();
        await queue.PutAsync(5);

        Assert.Equal(5, await pool.ApplyAsync(TakeItem, queue));
    }

    [Fact]
    public async Task Call_NoJobWaits_IsAnsweredOrStuck()
    {
        await using var pool = TestPool.Simulated(1);
        await using var manager = pool.CreateManager();
        var queue = await manager.CreateQueueAsync<int>();

        await queue.PutAsync(5);
        Assert.Equal(5, await queue.GetAsync());
        var stuck = await Assert.ThrowsAsync<SimulationStuckException>(async () => await queue.GetAsync());

        Assert.Contains("managed object", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Barrier_PartyDies_BreaksForTheOthers()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill(FaultMoment.DuringJob));
        await using var pool = TestPool.Simulated(plan: plan, processes: 3);
        await using var manager = pool.CreateManager();
        var barrier = await manager.CreateBarrierAsync(3);

        var first = pool.ApplyAsync(MeetAsync, barrier, JobOptions.AtMostOnce);
        var second = pool.ApplyAsync(MeetAsync, barrier);

        await Assert.ThrowsAsync<WorkerLostException>(async () => await first);
        Assert.Equal("broken", await second);
    }

    [Theory]
    [InlineData(TestPoolMode.Inline)]
    [InlineData(TestPoolMode.Manual)]
    [InlineData(TestPoolMode.Simulated)]
    public async Task Lock_KeptByAWorkerThatDies_IsReleased(TestPoolMode mode)
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill(FaultMoment.AfterJob));
        await using var pool = mode switch
        {
            TestPoolMode.Inline => TestPool.Inline(plan: plan),
            TestPoolMode.Manual => TestPool.Manual(plan: plan),
            _ => TestPool.Simulated(plan: plan),
        };
        await using var manager = pool.CreateManager();
        var mutex = await manager.CreateLockAsync();

        var job = pool.ApplyAsync(KeepLock, mutex);
        if (mode == TestPoolMode.Manual)
            await pool.DrainAsync();

        Assert.True(await job);
        Assert.Equal(2, job.Attempts);
    }

    /// <summary>Each notification shortens the rest of the limit, in the time of the simulation.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Condition_WaitForWithALimit_EndsAtTheLimitOfVirtualTime(bool isAsync)
    {
        await using var pool = TestPool.Simulated(1, processes: 2);
        await using var manager = pool.CreateManager();
        var condition = await manager.CreateConditionAsync();
        var clock = (VirtualClock)pool.Clock;

        var waiting = pool.ApplyAsync(WaitInVainAsync, condition, isAsync);
        await pool.ApplyAsync(NotifyEachMinuteAsync, condition, 9);

        Assert.False(await waiting);
        Assert.InRange(clock.Elapsed, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.1));
    }

    [Fact]
    public async Task PublishAsync_Object_IsFoundByItsName()
    {
        await using var pool = TestPool.Inline();
        await using var manager = pool.CreateManager();
        var value = await manager.CreateValueAsync(5);

        await manager.PublishAsync("answer", value);

        Assert.Equal(5, await (await manager.FindAsync<ManagedValue<int>>("answer")).GetAsync());
        await Assert.ThrowsAsync<NotSupportedException>(() => manager.CreateAsync(() => new List<int>()));
    }

    [Fact]
    public async Task RestartCoordinator_Objects_AreLost()
    {
        var failure = await Assert.ThrowsAsync<FaultTestException>(() => FaultTest.ForSeedsAsync(
            1..1,
            async world =>
            {
                var manager = world.CreateManager();
                var value = await manager.CreateValueAsync(5);
                Assert.Equal(5, await value.GetAsync());
                world.Inject(Fault.RestartCoordinator(TimeSpan.FromSeconds(1)));
                await Task.Delay(TimeSpan.FromSeconds(2), world.Clock);
                await value.GetAsync();
            },
            FaultPlan.Create(1)));

        Assert.IsType<CoordinatorLostException>(failure.InnerException);
    }

    private static async Task<bool> WaitInVainAsync(ManagedCondition condition, bool isAsync)
    {
        var limit = TimeSpan.FromMinutes(10);
        await using var hold = await condition.AcquireAsync();
        return isAsync
            ? await condition.WaitForAsync(static () => false, limit)
            : condition.WaitFor(static () => false, limit);
    }

    private static async Task NotifyEachMinuteAsync(ManagedCondition condition, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), VirtualClock.Current);
            await using var hold = await condition.AcquireAsync();
            await condition.NotifyAllAsync();
        }
    }

    private static async Task<bool> HoldAsync(ManagedLock mutex)
    {
        await using var hold = await mutex.AcquireAsync();
        await Task.Delay(TimeSpan.FromHours(1), VirtualClock.Current);
        return hold.WasAbandoned;
    }

    private static async Task HoldReentrantAsync(ManagedReentrantLock mutex)
    {
        await using var hold = await mutex.AcquireAsync();
        using var again = await mutex.AcquireAsync();
        await Task.Delay(TimeSpan.FromHours(1), VirtualClock.Current);
    }

    private static bool KeepLock(ManagedLock mutex) => mutex.Acquire().WasAbandoned;

    private static int TakeItem(ManagedQueue<int> queue) => queue.Get();

    private static async Task<int> ConsumeAsync(ManagedQueue<int> queue)
    {
        var sum = 0;
        while (await queue.GetAsync() is var item && item != 0)
            sum += item;
        return sum;
    }

    private static async Task<string> MeetAsync(ManagedBarrier barrier)
    {
        try
        {
            await barrier.SignalAndWaitAsync(TimeSpan.FromHours(1));
            return "met";
        }
        catch (BrokenBarrierException)
        {
            return "broken";
        }
    }
}
