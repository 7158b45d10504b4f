namespace Actors.Testing.Tests;

/// <summary>The effects of the faults of network, machines and clock.</summary>
public sealed class EnvironmentFaultTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task JumpClock_RunningJob_ChangesTheTimeOfDayAlone(int hours)
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.JumpClock(hours * Hour));
        await using var pool = TestPool.Simulated(plan: plan);
        var before = pool.Clock.GetUtcNow();

        Assert.Equal(9, await pool.ApplyAsync(Jobs.Square, 3, new JobOptions { Timeout = TimeSpan.FromMinutes(1) }));

        var elapsed = ((VirtualClock)pool.Clock).Elapsed;
        Assert.InRange(elapsed, TimeSpan.FromMilliseconds(1), Second);
        Assert.Equal(before + elapsed + (hours * Hour), pool.Clock.GetUtcNow());
        plan.AssertAllInjected();
    }

    [Fact]
    public Task SkewClock_ForATime_IsTakenBackAfterwards() => FaultTest.ForSeedsAsync(
        1..1,
        async world =>
        {
            var start = world.Clock.GetUtcNow();
            world.Inject(Fault.SkewClock(Hour, time: TimeSpan.FromMinutes(2)));

            await Task.Delay(TimeSpan.FromMinutes(1), world.Clock);
            Assert.Equal(start + Hour + TimeSpan.FromMinutes(1), world.Clock.GetUtcNow());
            await Task.Delay(TimeSpan.FromMinutes(2), world.Clock);
            Assert.Equal(start + TimeSpan.FromMinutes(3), world.Clock.GetUtcNow());
        },
        FaultPlan.Create(1));

    [Fact]
    public async Task DelayMessages_OfAJob_DelaysItsMessagesAlone()
    {
        var plan = FaultPlan.Create(1).Add(
            FaultTrigger.OnJob(1), Fault.DelayMessages(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), NetworkLinks.NodeToCoordinator));
        await using var pool = TestPool.Simulated(plan: plan);

        await pool.ApplyAsync(Jobs.Square, 3, new JobOptions { Timeout = Second });

        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        plan.AssertAllInjected();
    }

    /// <summary>The node hears the coordinator, which does not hear the node: it is removed, and its job runs again.</summary>
    [Fact]
    public async Task Partition_FromTheNode_RemovesItsWorkers()
    {
        var (elapsed, attempts, lost) = await RunBesideAsync(Fault.Partition(TimeSpan.FromSeconds(20), NetworkLinks.NodeToCoordinator));

        Assert.InRange(elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        Assert.Equal((2, 1), (attempts, lost));
    }

    /// <summary>The coordinator hears the node, whose job goes on. The next job arrives after the partition.</summary>
    [Fact]
    public async Task Partition_ToTheNode_LosesNoWorker()
    {
        var fault = Fault.Partition(TimeSpan.FromSeconds(20), NetworkLinks.CoordinatorToNode);
        var plan = FaultPlan.Create(1).Add(FaultTrigger.AtTime(Second / 2), fault);
        await using var pool = TestPool.Simulated(plan: plan, processes: 1);
        var clock = (VirtualClock)pool.Clock;
        var lost = 0;
        pool.WorkerChanged += worker => lost += worker.HasExited ? 1 : 0;

        var job = pool.ApplyAsync(BlockAsync, Second);
        await job;
        Assert.InRange(clock.Elapsed, Second, TimeSpan.FromSeconds(2));
        await pool.ApplyAsync(BlockAsync, Second);

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        Assert.Equal((1, 0), (job.Attempts, lost));
        plan.AssertAllInjected();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 1)]
    public async Task FlappingPartition_Node_IsRemovedByLongCutsAlone(int periodSeconds, int lost)
    {
        var fault = Fault.FlappingPartition(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(periodSeconds));

        Assert.Equal(lost, (await RunBesideAsync(fault)).Lost);
    }

    /// <summary>Two short cuts lose a heartbeat each; the partition is not continuous.</summary>
    [Fact]
    public async Task FlappingPartition_BetweenItsCuts_Delivers()
    {
        var (elapsed, _, _) = await RunBesideAsync(Fault.FlappingPartition(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(2)));

        Assert.InRange(elapsed, Second, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public Task PauseNode_RunningJob_ContinuesAfterThePause() => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            world.AddNode("node", slots: 1);
            var pool = world.CreatePool();
            var recorded = Jobs.StartRecording();
            var job = pool.ApplyAsync(RecordAroundAsync, Second);
            await Task.Delay(Second / 2, world.Clock);
            Assert.Equal(["begin"], recorded);

            world.Inject(Fault.PauseNode(TimeSpan.FromSeconds(3)));
            await Task.Delay(TimeSpan.FromSeconds(2.5), world.Clock);
            Assert.Equal(["begin"], recorded);

            Assert.Equal(1, await job);
            Assert.InRange(world.Clock.Elapsed, TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(4));
            Assert.Equal(["begin", "end"], recorded);
        },
        FaultPlan.Create(1));

    [Fact]
    public Task PauseNode_LongerThanItsLease_RefusesItsResult() => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            world.AddNode("node", slots: 1);
            var pool = world.CreatePool();
            var job = pool.ApplyAsync(BlockAsync, Second);
            await Task.Delay(Second / 2, world.Clock);

            world.Inject(Fault.PauseNode(TimeSpan.FromMinutes(1)));

            Assert.Equal(1, await job);
            Assert.Equal(2, job.Attempts);
            Assert.InRange(world.Clock.Elapsed, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(65));
        },
        FaultPlan.Create(1));

    /// <summary>The only node is away for two hours, and everything waits for it.</summary>
    [Fact]
    public async Task KillNode_ForHours_IsNoDeadlock()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.KillNode(2 * Hour));
        await using var pool = TestPool.Simulated(plan: plan, options: new PoolOptions { NodeTimeout = 3 * Hour });

        Assert.Equal(9, await pool.ApplyAsync(Jobs.Square, 3));

        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, 2 * Hour, 2.1 * Hour);
    }

    [Fact]
    public Task KillNode_Overlapping_KeepsTheLocksOfTheNextWorkers() => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            world.AddNode("node", slots: 2);
            var pool = world.CreatePool();
            var manager = world.CreateManager();
            var mutex = await manager.CreateLockAsync();
            var recorded = Jobs.StartRecording();
            world.Inject(Fault.KillNode(TimeSpan.FromSeconds(2)));
            await Task.Delay(Second, world.Clock);
            world.Inject(Fault.KillNode(TimeSpan.FromSeconds(5)));

            await Task.WhenAll(pool.ApplyAsync(HoldAsync, mutex), pool.ApplyAsync(HoldAsync, mutex));

            Assert.Equal(["begin", "end", "begin", "end"], recorded);
            Assert.InRange(world.Clock.Elapsed, TimeSpan.FromSeconds(26), TimeSpan.FromSeconds(27));
        },
        FaultPlan.Create(1));

    [Theory]
    [InlineData(FaultKind.DelayMessages, 2000, 2100)]
    [InlineData(FaultKind.DropMessages, 5000, 5300)]
    [InlineData(FaultKind.ReorderMessages, 1, 101)]
    [InlineData(FaultKind.Partition, 5000, 5300)]
    public Task NetworkFault_CallOfAManagedObject_TakesLonger(FaultKind kind, int least, int most) => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            var queue = await world.CreateManager().CreateQueueAsync<int>();
            var five = TimeSpan.FromSeconds(5);
            world.Inject(kind switch
            {
                FaultKind.DelayMessages => Fault.DelayMessages(TimeSpan.FromSeconds(1), five),
                FaultKind.DropMessages => Fault.DropMessages(five),
                FaultKind.ReorderMessages => Fault.ReorderMessages(five),
                _ => Fault.Partition(five, NetworkLinks.Client),
            });

            await queue.PutAsync(1);

            Assert.InRange(world.Clock.Elapsed, TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));
            Assert.Single(world.Plan.Injected);
        },
        FaultPlan.Create(1));

    /// <summary>The calls of one process arrive once and in order; those of others may overtake them.</summary>
    [Theory]
    [InlineData(FaultKind.DropMessages)]
    [InlineData(FaultKind.ReorderMessages)]
    [InlineData(FaultKind.DuplicateMessages)]
    public Task NetworkFault_CallsOfOneProcess_KeepTheirOrder(FaultKind kind) => FaultTest.ForSeedsAsync(
        1..20,
        async world =>
        {
            var queue = await world.CreateManager().CreateQueueAsync<int>();
            var time = TimeSpan.FromMinutes(1);
            world.Inject(kind switch
            {
                FaultKind.DropMessages => Fault.DropMessages(time, probability: 0.5),
                FaultKind.ReorderMessages => Fault.ReorderMessages(time),
                _ => Fault.DuplicateMessages(time),
            });

            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => queue.PutAsync(i)));

            for (var i = 0; i < 20; i++)
                Assert.Equal(i, await queue.GetAsync());
            Assert.Equal(0, await queue.CountAsync());
        },
        FaultPlan.Create(1));

    [Fact]
    public async Task AssertAllInjected_FaultThatChangedNothing_NamesIt()
    {
        var plan = FaultPlan.Create(4)
            .Add(FaultTrigger.OnJob(1), Fault.DropMessages(Second, probability: 0))
            .Add(FaultTrigger.OnJob(1), Fault.DelayMessages(Second, Second));
        await using var pool = TestPool.Simulated(plan: plan);
        await pool.ApplyAsync(Jobs.Square, 1);

        var exception = Assert.Throws<PoolAssertionException>(plan.AssertAllInjected);

        Assert.Contains("Planned faults were not injected:\n  DropMessages", exception.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.DelayMessages, Assert.Single(plan.Injected).Fault.Kind);
    }

    [Fact]
    public async Task Stop_WorkerOfASimulation_IsStuckUntilItContinues()
    {
        await using var pool = TestPool.Simulated(1, processes: 1);
        await pool.ApplyAsync(Jobs.Square, 1);
        var recorded = Jobs.StartRecording();
        var job = pool.ApplyAsync(RecordAroundAsync, Second);
        await Task.Delay(Second / 2, pool.Clock);

        pool.Workers[0].Kill(WorkerSignal.Stop);
        await Task.Delay(Hour / 2, pool.Clock);
        Assert.Equal(["begin"], recorded);
        pool.Workers[0].Kill(WorkerSignal.Continue);
        Assert.Equal(1, await job);

        pool.Workers[0].Kill(WorkerSignal.Stop);
        await Assert.ThrowsAsync<SimulationStuckException>(async () => await pool.ApplyAsync(Jobs.Square, 3));
    }

    /// <summary>Code that captures no context must end with its process too.</summary>
    [Fact]
    public async Task Kill_DuringADelayWithoutContext_EndsTheCode()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill(FaultMoment.DuringJob));
        await using var pool = TestPool.Simulated(plan: plan);

        await Assert.ThrowsAsync<WorkerLostException>(
            async () => await pool.ApplyAsync(RecordAroundWithoutContextAsync, Second, JobOptions.AtMostOnce));
        await Task.Delay(Hour, pool.Clock);

        Assert.Equal(["begin"], recorded);
    }

    [Fact]
    public async Task RestartCoordinator_EachFailure_NamesSeedAndFaults()
    {
        var plan = FaultPlan.Create(7).Add(FaultTrigger.OnJob(1), Fault.RestartCoordinator(Second));
        await using var pool = TestPool.Simulated(plan: plan);
        await using var manager = pool.CreateManager();
        var value = await manager.CreateValueAsync(1);

        AssertExplained(await Assert.ThrowsAsync<CoordinatorLostException>(
            async () => await pool.ApplyAsync(Jobs.Square, 3, JobOptions.AtMostOnce)));
        AssertExplained(await Assert.ThrowsAsync<CoordinatorLostException>(async () => await value.GetAsync()));
        var pending = pool.ApplyAsync(BlockAsync, Hour);
        await pool.TerminateAsync();
        AssertExplained(await Assert.ThrowsAsync<PoolTerminatedException>(async () => await pending));

        static void AssertExplained(Exception exception)
        {
            Assert.Contains("Seed 7 (repeat with ACTORS_SEED=7). Injected faults:", exception.Message, StringComparison.Ordinal);
            Assert.Contains("RestartCoordinator for 00:00:01, job 1", exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Runs a job of a second on the only node, which a fault hits in the middle.</summary>
    private static async Task<(TimeSpan Elapsed, int Attempts, int Lost)> RunBesideAsync(Fault fault)
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.AtTime(Second / 2), fault);
        await using var pool = TestPool.Simulated(plan: plan, processes: 1);
        var lost = 0;
        pool.WorkerChanged += worker => lost += worker is { HasExited: true, ExitCode: null } ? 1 : 0;

        var job = pool.ApplyAsync(BlockAsync, Second);
        await job;

        plan.AssertAllInjected();
        return (((VirtualClock)pool.Clock).Elapsed, job.Attempts, lost);
    }

    private static async Task<int> BlockAsync(TimeSpan time)
    {
        await Task.Delay(time, VirtualClock.Current);
        return 1;
    }

    private static async Task<int> RecordAroundAsync(TimeSpan time)
    {
        Jobs.Record("begin");
        await Task.Delay(time, VirtualClock.Current);
        Jobs.Record("end");
        return 1;
    }

    private static async Task RecordAroundWithoutContextAsync(TimeSpan time)
    {
        Jobs.Record("begin");
        await Task.Delay(time, VirtualClock.Current).ConfigureAwait(false);
        Jobs.Record("end");
    }

    private static async Task HoldAsync(ManagedLock mutex)
    {
        await using var hold = await mutex.AcquireAsync();
        Jobs.Record("begin");
        await Task.Delay(TimeSpan.FromSeconds(10), VirtualClock.Current);
        Jobs.Record("end");
    }
}
