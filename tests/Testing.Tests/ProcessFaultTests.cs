namespace Actors.Testing.Tests;

/// <summary>Faults in real workers. Each test starts processes, so there are few.</summary>
public sealed class ProcessFaultTests
{
    [Fact]
    public async Task StartAsync_PlanWithKillsAndExits_EveryJobEndsCorrectly()
    {
        var plan = FaultPlan.Create(1)
            .Add(FaultTrigger.OnJob(2), Fault.Kill(FaultMoment.AfterJob))
            .Add(FaultTrigger.OnJob(4), Fault.Exit(3))
            .Add(FaultTrigger.OnJob(5), Fault.Throw(new IOException("no disk")))
            .Add(FaultTrigger.OnJob(6), Fault.DeliverTwice())
            .Add(FaultTrigger.OnJob(7), Fault.Kill(FaultMoment.AfterResult))
            .Add(FaultTrigger.OnJob(8).OnEveryAttempt(), Fault.Kill(signal: WorkerSignal.Kill));
        var options = new PoolOptions { Initializer = PoolInitializer.Of(Prepare, 10), MaxAttempts = 2 };
        await using var pool = await TestPool.StartAsync(2, plan, options);

        var jobs = Enumerable.Range(1, 9).Select(i => pool.ApplyAsync(AddPrepared, i)).ToList();
        await pool.WaitUntilIdleAsync();

        Assert.All(jobs.Where(job => job.Id is not (5 or 8)), job => Assert.Equal(10 + (int)job.Id, job.Get()));
        Assert.Equal(2, jobs[1].Attempts);
        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(async () => await jobs[4])).Message);
        var lost = await Assert.ThrowsAsync<WorkerLostException>(async () => await jobs[7]);
        Assert.All(lost.History, attempt => Assert.Equal(-9, attempt.ExitCode));
        Assert.Contains("Seed 1 (repeat with ACTORS_SEED=1). Injected faults:", lost.Message, StringComparison.Ordinal);
        plan.AssertAllInjected();
        Assert.Equal([2, 4, 5, 6, 7, 8, 8], plan.Injected.Select(fault => fault.JobId).Order());
        Assert.All(plan.Injected, fault => Assert.True(fault.ProcessId > 0 && fault.Time > TimeSpan.Zero));
    }

    [Fact]
    public async Task StartAsync_PlanWithHangPauseAndLostResult_EveryJobEnds()
    {
        var plan = FaultPlan.Create(1)
            .Add(FaultTrigger.OnJob(1), Fault.Hang())
            .Add(FaultTrigger.OnJob(2), Fault.Pause(TimeSpan.FromSeconds(0.2)))
            .Add(FaultTrigger.OnJob(3), Fault.LoseResult())
            .Add(FaultTrigger.OnJob(4), Fault.Kill(FaultMoment.DuringJob));
        await using var pool = await TestPool.StartAsync(2, plan);

        var hanging = pool.ApplyAsync(Jobs.Square, 1, new JobOptions { Timeout = TimeSpan.FromSeconds(1) });
        var paused = pool.ApplyAsync(Jobs.Square, 2);
        var lost = pool.ApplyAsync(Jobs.Square, 3);
        var killed = pool.ApplyAsync(Jobs.WaitForCancellation, CancellationToken.None, JobOptions.AtMostOnce);

        await Assert.ThrowsAsync<JobTimedOutException>(async () => await hanging);
        Assert.Equal(4, await paused);
        Assert.Equal(9, await lost);
        Assert.Equal(-9, Assert.Single((await Assert.ThrowsAsync<WorkerLostException>(async () => await killed)).History).ExitCode);
        plan.AssertAllInjected();
    }

    /// <summary>A function that returns at once must not be faster than the signal.</summary>
    [Fact]
    public async Task Kill_DuringAShortJob_IsInjected()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.Every(1), Fault.Kill(FaultMoment.DuringJob));
        await using var pool = await TestPool.StartAsync(2, plan);

        var jobs = Enumerable.Range(0, 6).Select(i => pool.ApplyAsync(Jobs.Square, i)).ToList();

        Assert.Equal(Enumerable.Range(0, 6).Select(Jobs.Square), await Task.WhenAll(jobs.Select(job => job.Task)));
        Assert.All(jobs, job => Assert.Equal(2, job.Attempts));
        Assert.Equal(6, plan.Injected.Count);
    }

    [Fact]
    public async Task ExceedMemory_RealWorker_IsKilledAndReplaced()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.ExceedMemory());
        await using var pool = await TestPool.StartAsync(1, plan, new PoolOptions { MaxMemoryPerWorker = 400 << 20 });

        var exception = await Assert.ThrowsAsync<MemoryLimitExceededException>(async () => await pool.ApplyAsync(Jobs.Square, 1));

        Assert.Contains("Seed 1 (repeat with ACTORS_SEED=1). Injected faults:", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ExceedMemory BeforeJob, job 1", exception.Message, StringComparison.Ordinal);
        plan.AssertAllInjected();
        Assert.Equal(4, await pool.ApplyAsync(Jobs.Square, 2));
    }

    [Fact]
    public async Task Periodically_RealWorkers_AreKilledWhileJobsRun()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.Periodically(TimeSpan.FromSeconds(0.3)), Fault.Kill());
        await using var pool = await TestPool.StartAsync(1, plan, new PoolOptions { MaxAttempts = 100 });

        while (plan.Injected.Count < 2)
            Assert.Equal(4, await pool.ApplyAsync(Jobs.Square, 2));

        plan.AssertAllInjected();
        Assert.All(plan.Injected, fault => Assert.True(fault.ProcessId > 0));
    }

    [Fact]
    public async Task Kill_WorkerOfARealPool_SendsTheSignal()
    {
        await using var pool = await TestPool.StartAsync(1);
        Assert.Equal(pool.Apply(Jobs.ProcessId), pool.Workers[0].ProcessId);
        var ended = new TaskCompletionSource<WorkerInfo>();
        pool.WorkerChanged += worker => _ = worker.HasExited && ended.TrySetResult(worker);

        pool.Workers[0].Kill(WorkerSignal.Stop);
        var job = pool.ApplyAsync(Jobs.Square, 3);
        pool.Workers[0].Kill(WorkerSignal.Continue);
        Assert.Equal(9, await job);
        pool.Workers[0].Kill(WorkerSignal.Terminate);

        Assert.Equal(-15, (await ended.Task.WaitAsync(TimeSpan.FromSeconds(20))).ExitCode);
        pool.AssertSubmitted(Jobs.ProcessId);
    }

    private static int Prepared { get; set; }

    private static void Prepare(int value) => Prepared = value;

    private static int AddPrepared(int x) => Prepared + x;
}
