namespace Actors.Testing.Tests;

public sealed class FaultPlanTests
{
    [Fact]
    public async Task Kill_AfterJob_RunsTheJobAgain()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2), Fault.Kill(FaultMoment.AfterJob));
        await using var pool = TestPool.Inline(plan: plan);

        var squares = await pool.MapAsync(Jobs.RecordAndSquare, [1, 2, 3], chunkSize: 1);

        Assert.Equal([1, 4, 9], squares);

        Assert.Equal(["1", "2", "2", "3"], recorded);
        var injected = Assert.Single(plan.Injected);
        Assert.Equal((2, 1, FaultKind.Kill), (injected.JobId, injected.Attempt, injected.Fault.Kind));
        plan.AssertAllInjected();
    }

    [Fact]
    public async Task Kill_BeforeJob_RunsTheFunctionOnce()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill());
        await using var pool = TestPool.Inline(plan: plan);

        var job = pool.ApplyAsync(Jobs.RecordAndSquare, 3);

        Assert.Equal(9, await job);
        Assert.Equal(2, job.Attempts);
        Assert.Equal(["3"], recorded);
    }

    [Fact]
    public async Task Kill_EveryAttempt_LosesTheJobWithItsHistory()
    {
        var plan = FaultPlan.Create(9).Add(FaultTrigger.OnJob(1).OnEveryAttempt(), Fault.Exit(3));
        await using var pool = TestPool.Inline(plan: plan);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(async () => await pool.ApplyAsync(Jobs.Square, 3));

        Assert.Equal(3, lost.Attempts);
        Assert.All(lost.History, attempt => Assert.Equal(3, attempt.ExitCode));
        Assert.Contains("ended by itself with exit code 3", lost.Message, StringComparison.Ordinal);
        Assert.Contains("Seed 9 (repeat with ACTORS_SEED=9). Injected faults:", lost.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], plan.Injected.Select(fault => fault.Attempt));
    }

    [Fact]
    public async Task Kill_JobThatMayRunOnce_IsNotRetried()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill());
        await using var pool = TestPool.Inline(plan: plan);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(async () => await pool.ApplyAsync(Jobs.Square, 3, JobOptions.AtMostOnce));

        Assert.Equal(-9, Assert.Single(lost.History).ExitCode);
        Assert.Equal(1, (await pool.CompleteAsync()).Lost);
    }

    [Theory]
    [InlineData(false, 2, 9)]
    [InlineData(true, 1, null)]
    public async Task LoseResult_Job_RunsAgainIfPermitted(bool isAtMostOnce, int calls, int? result)
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.LoseResult());
        await using var pool = TestPool.Inline(plan: plan);

        var job = pool.ApplyAsync(Jobs.RecordAndSquare, 3, isAtMostOnce ? JobOptions.AtMostOnce : null);

        if (result is { } expected)
            Assert.Equal(expected, await job);
        else
            await Assert.ThrowsAsync<WorkerLostException>(async () => await job);
        Assert.Equal(calls, recorded.Count);
    }

    [Fact]
    public async Task DeliverTwice_Job_CallsTheFunctionTwice()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnFunction(Jobs.RecordAndSquare), Fault.DeliverTwice());
        await using var pool = TestPool.Inline(plan: plan);

        Assert.Equal(9, await pool.ApplyAsync(Jobs.RecordAndSquare, 3));
        Assert.Equal(4, await pool.ApplyAsync(Jobs.RecordAndSquare, 2, JobOptions.AtMostOnce));

        Assert.Equal(["3", "3", "2"], recorded);
    }

    [Fact]
    public async Task Throw_Job_FailsWithTheException()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1)
            .Add(FaultTrigger.OnJob(1), Fault.Throw(new IOException("no disk")))
            .Add(FaultTrigger.OnJob(2), Fault.Throw(new IOException("no disk"), FaultMoment.AfterJob));
        await using var pool = TestPool.Inline(plan: plan);

        for (var i = 1; i <= 2; i++)
            Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(async () => await pool.ApplyAsync(Jobs.RecordAndSquare, i)))
                .Message);

        Assert.Equal(["2"], recorded);
    }

    [Fact]
    public async Task ExceedMemory_Job_IsNotRetried()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.ExceedMemory());
        await using var pool = TestPool.Inline(plan: plan);

        await Assert.ThrowsAsync<MemoryLimitExceededException>(async () => await pool.ApplyAsync(Jobs.Square, 3));
    }

    [Fact]
    public async Task Kill_AfterResult_LosesNothing()
    {
        var recorded = Jobs.StartRecording();
        var plan = FaultPlan.Create(1).Add(FaultTrigger.Every(2), Fault.Kill(FaultMoment.AfterResult));
        await using var pool = TestPool.Inline(plan: plan);

        Assert.Equal(Enumerable.Range(0, 6).Select(Jobs.Square),
            await pool.MapAsync(Jobs.RecordAndSquare, Enumerable.Range(0, 6), chunkSize: 1));

        Assert.Equal(6, recorded.Count);
        Assert.Equal(3, plan.Injected.Count);
    }

    [Fact]
    public async Task Randomly_SameSeed_InjectsTheSameFaults()
    {
        var rules = FaultPlan.Create(0).Add(FaultTrigger.Randomly(0.3), Fault.Kill());

        Assert.Equal(await RunAsync(rules.Copy(5)), await RunAsync(rules.Copy(5)));
        Assert.NotEqual(await RunAsync(rules.Copy(5)), await RunAsync(rules.Copy(6)));

        static async Task<string> RunAsync(FaultPlan plan)
        {
            await using var pool = TestPool.Inline(plan: plan);
            await pool.MapResultsAsync(Jobs.Square, Enumerable.Range(0, 100), chunkSize: 1);
            Assert.InRange(plan.Injected.Count, 10, 80);
            return string.Join(' ', plan.Injected.Select(fault => $"{fault.JobId}/{fault.Attempt}"));
        }
    }

    [Fact]
    public async Task OnFunction_OtherFunctions_AreNotHit()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2).Of(Jobs.Divide), Fault.Throw(new IOException()));
        await using var pool = TestPool.Inline(plan: plan);

        Assert.Equal(1, await pool.ApplyAsync(Jobs.Square, 1));
        Assert.Equal(50, await pool.ApplyAsync(Jobs.Divide, 2));
        Assert.Equal(4, await pool.ApplyAsync(Jobs.Square, 2));
        await Assert.ThrowsAsync<IOException>(async () => await pool.ApplyAsync(Jobs.Divide, 2));
    }

    [Fact]
    public async Task OnJob_RefusedSubmission_DoesNotCount()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2), Fault.Throw(new IOException()));
        await using var pool = TestPool.Inline(plan: plan);
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        Assert.Equal(1, await pool.ApplyAsync(Jobs.Square, 1));
        Assert.Throws<OperationCanceledException>(() => pool.ApplyAsync(Jobs.Square, 2, null, canceled.Token));

        await Assert.ThrowsAsync<IOException>(async () => await pool.ApplyAsync(Jobs.Square, 3));
        Assert.Equal(2, pool.Submitted.Count);
    }

    [Fact]
    public void AssertAllInjected_FaultThatNeverHappened_NamesIt()
    {
        var plan = FaultPlan.Create(4).Add(FaultTrigger.OnJob(5).Of(Jobs.Square), Fault.Kill(FaultMoment.AfterJob));
        using var pool = TestPool.Inline(plan: plan);
        pool.Apply(Jobs.Square, 1);

        var exception = Assert.Throws<PoolAssertionException>(plan.AssertAllInjected);

        Assert.Contains("Kill with Kill AfterJob: job 5 of Actors.Testing.Tests.Jobs.Square, attempt 1", exception.Message,
            StringComparison.Ordinal);
        Assert.Contains("Seed 4 (repeat with ACTORS_SEED=4). No fault was injected.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inline_FaultThatTheModeCannotInject_IsRefused()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Kill(FaultMoment.DuringJob));

        var exception = Assert.Throws<FaultNotSupportedException>(() => TestPool.Inline(plan: plan));

        Assert.Contains("mode Inline cannot inject 'Kill with Kill DuringJob'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_MemoryFaultWithoutALimit_IsRefused() => await Assert.ThrowsAsync<FaultNotSupportedException>(
        () => TestPool.StartAsync(1, FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.ExceedMemory())));

    [Fact]
    public void Inline_PlanOfAnotherPool_IsRefused()
    {
        var plan = FaultPlan.Create(1);
        using var pool = TestPool.Inline(plan: plan);

        Assert.Throws<InvalidOperationException>(() => TestPool.Inline(plan: plan));
        using var other = TestPool.Inline(plan: plan.Copy());
    }

    [Fact]
    public void Fault_MomentOrValueThatIsNotPossible_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Fault.Hang(FaultMoment.AfterResult));
        Assert.Throws<ArgumentException>(() => Fault.Kill(signal: WorkerSignal.Stop));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.Delay(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultTrigger.Randomly(1.5));
    }
}
