namespace Actors.Testing.Tests;

public sealed class SimulatedTests
{
    [Fact]
    public async Task ApplyAsync_Function_RunsInVirtualTime()
    {
        await using var pool = TestPool.Simulated(1);

        Assert.Equal(9, await pool.ApplyAsync(Jobs.Square, 3));
        var squares = await pool.MapAsync(Jobs.Square, [1, 2, 3], chunkSize: 1);

        Assert.Equal([1, 4, 9], squares);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task ApplyAsync_JobThatWaitsForADay_TakesNoRealTime()
    {
        await using var pool = TestPool.Simulated(1, processes: 3);

        var jobs = Enumerable.Range(0, 6).Select(_ => pool.ApplyAsync(SleepAsync, TimeSpan.FromHours(24))).ToList();
        await Task.WhenAll(jobs);

        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromHours(48), TimeSpan.FromHours(48.1));
    }

    [Fact]
    public void Apply_BlockingForms_HandOverToTheSimulation()
    {
        using var pool = TestPool.Simulated(1);

        Assert.Equal(9, pool.Apply(Jobs.Square, 3));
        Assert.Equal([1, 4, 9], pool.Map(Jobs.Square, [1, 2, 3]));
        var job = pool.ApplyAsync(SleepAsync, TimeSpan.FromHours(2));
        Assert.False(job.Wait(TimeSpan.FromHours(1)));
        Assert.True(job.Wait());
    }

    [Fact]
    public async Task Simulated_SameSeed_GivesTheSameOrder()
    {
        Assert.Equal(await RunAsync(7), await RunAsync(7));
        Assert.NotEqual(await RunAsync(7), await RunAsync(8));

        static async Task<string> RunAsync(int seed)
        {
            var recorded = Jobs.StartRecording();
            await using var pool = TestPool.Simulated(seed, processes: 4);
            await pool.MapAsync(Jobs.RecordAndSquare, Enumerable.Range(0, 40), chunkSize: 1);
            return $"{string.Join(' ', recorded)} {((VirtualClock)pool.Clock).Elapsed}";
        }
    }

    [Fact]
    public async Task Timeout_JobThatHangs_EndsInVirtualTime()
    {
        var plan = FaultPlan.Create(3).Add(FaultTrigger.OnJob(1), Fault.Hang());
        await using var pool = TestPool.Simulated(plan: plan);

        var exception = await Assert.ThrowsAsync<JobTimedOutException>(
            async () => await pool.ApplyAsync(Jobs.Square, 3, new JobOptions { Timeout = TimeSpan.FromHours(8) }));

        Assert.Contains("Seed 3", exception.Message, StringComparison.Ordinal);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromHours(8), TimeSpan.FromHours(8.01));
        Assert.Equal(4, await pool.ApplyAsync(Jobs.Square, 2));
    }

    [Fact]
    public async Task Hang_WithoutTimeout_FailsInsteadOfWaitingForever()
    {
        var plan = FaultPlan.Create(3).Add(FaultTrigger.OnJob(1), Fault.Hang());
        await using var pool = TestPool.Simulated(plan: plan);

        var exception = await Assert.ThrowsAsync<SimulationStuckException>(async () => await pool.ApplyAsync(Jobs.Square, 3));

        Assert.Contains("Hang BeforeJob, job 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_EachMoment_RetriesTheJob()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1)
            .Add(FaultTrigger.OnJob(1), Fault.Kill())
            .Add(FaultTrigger.OnJob(2), Fault.Kill(FaultMoment.DuringJob))
            .Add(FaultTrigger.OnJob(3), Fault.Kill(FaultMoment.AfterJob))
            .Add(FaultTrigger.OnJob(4), Fault.Kill(FaultMoment.AfterResult))
            .Add(FaultTrigger.OnJob(5), Fault.LoseResult());
        await using var pool = TestPool.Simulated(plan: plan, processes: 1);

        var jobs = Enumerable.Range(1, 5).Select(i => pool.ApplyAsync(RecordTwiceAsync, i)).ToList();
        await Task.WhenAll(jobs);

        Assert.Equal([2, 2, 2, 1, 1], jobs.Select(job => job.Attempts));
        plan.AssertAllInjected();
        Assert.Equal("begin 1,end 1,begin 2,begin 2,end 2,begin 3,end 3,begin 3,end 3,begin 4,end 4,begin 5,end 5,begin 5,end 5",
            string.Join(',', recorded));
    }

    [Fact]
    public async Task Partition_Node_ReturnsItsJobsAndRefusesItsResults()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2), Fault.Partition(TimeSpan.FromSeconds(20)));
        await using var pool = TestPool.Simulated(plan: plan, processes: 1);
        var workers = new List<WorkerInfo>();
        pool.WorkerChanged += workers.Add;

        var results = await pool.MapAsync(Jobs.Square, [1, 2, 3], chunkSize: 1);
        await pool.CompleteAsync();

        Assert.Equal([1, 4, 9], results);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
        Assert.Contains(workers, worker => worker is { HasExited: true, ExitCode: null });
        plan.AssertAllInjected();
    }

    [Theory]
    [InlineData(FaultKind.DropMessages)]
    [InlineData(FaultKind.DuplicateMessages)]
    [InlineData(FaultKind.ReorderMessages)]
    [InlineData(FaultKind.DelayMessages)]
    [InlineData(FaultKind.PauseNode)]
    [InlineData(FaultKind.KillNode)]
    [InlineData(FaultKind.RestartCoordinator)]
    public async Task Environment_EachFault_LosesNoJob(FaultKind kind)
    {
        var time = TimeSpan.FromSeconds(3);
        var fault = kind switch
        {
            FaultKind.DropMessages => Fault.DropMessages(time, probability: 0.5),
            FaultKind.DuplicateMessages => Fault.DuplicateMessages(time),
            FaultKind.ReorderMessages => Fault.ReorderMessages(time),
            FaultKind.DelayMessages => Fault.DelayMessages(TimeSpan.FromSeconds(1), time),
            FaultKind.PauseNode => Fault.PauseNode(time),
            FaultKind.KillNode => Fault.KillNode(time),
            _ => Fault.RestartCoordinator(time),
        };
        for (var seed = 1; seed <= 20; seed++)
        {
            var plan = FaultPlan.Create(seed).Add(FaultTrigger.OnJob(5), fault)
                .Add(FaultTrigger.AtTime(TimeSpan.FromMilliseconds(60)), fault);
            await using var pool = TestPool.Simulated(plan: plan, processes: 3);

            var results = await pool.MapAsync(Jobs.Square, Enumerable.Range(0, 20), chunkSize: 1);

            Assert.Equal(Enumerable.Range(0, 20).Select(Jobs.Square), results);
            plan.AssertAllInjected();
            await pool.CompleteAsync();
        }
    }

    [Fact]
    public async Task RestartCoordinator_JobThatMayRunOnce_IsLost()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.RestartCoordinator(TimeSpan.FromSeconds(1)));
        await using var pool = TestPool.Simulated(plan: plan);

        await Assert.ThrowsAsync<CoordinatorLostException>(async () => await pool.ApplyAsync(Jobs.Square, 3, JobOptions.AtMostOnce));
        Assert.Equal(4, await pool.ApplyAsync(Jobs.Square, 2));
    }

    [Fact]
    public async Task MaxJobsPerWorker_IsReached_ReplacesTheWorker()
    {
        await using var pool = TestPool.Simulated(1, processes: 1, new PoolOptions { MaxJobsPerWorker = 2 });
        var started = 0;
        pool.WorkerChanged += worker => started += worker.HasExited ? 0 : 1;

        await pool.MapAsync(Jobs.Square, Enumerable.Range(0, 6), chunkSize: 1);
        await pool.CompleteAsync();

        Assert.InRange(started, 3, 4);
    }

    [Fact]
    public async Task Cancel_RunningJob_KillsTheWorkerAfterTheGrace()
    {
        await using var pool = TestPool.Simulated(1, processes: 1);
        var job = pool.ApplyAsync(SleepAsync, TimeSpan.FromHours(24));
        await Task.Delay(TimeSpan.FromMinutes(1), pool.Clock);
        Assert.Equal(JobState.Running, job.State);

        job.Cancel();

        await Assert.ThrowsAsync<JobCanceledException>(async () => await job);
        Assert.InRange(((VirtualClock)pool.Clock).Elapsed, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    private static async Task SleepAsync(TimeSpan time) => await Task.Delay(time, VirtualClock.Current);

    private static async Task RecordTwiceAsync(int number)
    {
        Jobs.Record($"begin {number}");
        await Task.Delay(TimeSpan.FromSeconds(1), VirtualClock.Current);
        Jobs.Record($"end {number}");
    }
}
