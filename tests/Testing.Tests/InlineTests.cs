namespace Actors.Testing.Tests;

public sealed class InlineTests
{
    [Fact]
    public async Task ApplyAsync_JobThatAwaitsItsVirtualClock_MovesIt()
    {
        var clock = new VirtualClock();
        await using var pool = TestPool.Inline(clock: clock);

        await Task.Run(() => pool.ApplyAsync(WaitAsync, TimeSpan.FromHours(3)).Task).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(TimeSpan.FromHours(3), clock.Elapsed);
    }

    [Fact]
    public async Task ApplyAsync_Function_RunsOnTheCallersThreadBeforeItReturns()
    {
        await using var pool = TestPool.Inline();

        var job = pool.ApplyAsync(Jobs.ThreadId);

        Assert.True(job.IsCompleted);
        Assert.Equal(Environment.CurrentManagedThreadId, job.Get());
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(1, job.Attempts);
    }

    [Fact]
    public async Task ApplyAsync_UsedAsProcessPool_NeedsNoBranch()
    {
        await using ProcessPool pool = TestPool.Inline(processes: 2);

        var squares = await pool.MapAsync(Jobs.Square, [1, 2, 3]);
        Assert.Equal([1, 4, 9], squares);
        Assert.Equal(14, await pool.MapReduceAsync([1, 2, 3], Jobs.Square, (a, b) => a + b));
        Assert.Equal(["1a", "2b"], await pool.StarMapAsync<int, string, string>(Jobs.Join, [(1, "a"), (2, "b")]));
        Assert.Equal(16, await pool.ApplyAsync(Jobs.SquareLaterAsync, 4));
        List<int> lazy = [];
        await foreach (var square in pool.IMap(Jobs.Square, Enumerable.Range(1, 5)))
            lazy.Add(square);
        Assert.Equal([1, 4, 9, 16, 25], lazy);
        var summary = await pool.CompleteAsync();
        Assert.Equal(summary.Total, summary.Succeeded);
        Assert.Equal(3 + 3 + 2 + 1 + 5, summary.SucceededItems);
    }

    [Fact]
    public async Task ApplyAsync_ArgumentChangedByTheJob_IsACopy()
    {
        await using var pool = TestPool.Inline();
        List<int> numbers = [5];

        Assert.Equal(2, await pool.ApplyAsync(Jobs.CountAndAdd, numbers));

        Assert.Equal([5], numbers);
    }

    [Fact]
    public async Task ApplyAsync_ValueThatCannotTravel_Fails()
    {
        await using var pool = TestPool.Inline();

        Assert.Throws<NotCarriedException>(() => pool.ApplyAsync(stream => stream.Length, Stream.Null));
        Assert.Throws<NotCarriedException>(() => pool.ApplyAsync(Jobs.Open));
    }

    [Fact]
    public async Task ApplyAsync_FunctionThrows_GivesACopyOfItsException()
    {
        await using var pool = TestPool.Inline();

        var exception = await Assert.ThrowsAsync<DivideByZeroException>(async () => await pool.ApplyAsync(Jobs.Divide, 0));

        Assert.Equal("zero", exception.Message);
        Assert.Contains("in Job 1 (Actors.Testing.Tests.Jobs.Divide)", exception.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, FailedCall.Of(exception)!.Job);
    }

    [Fact]
    public async Task ApplyAsync_NestedJob_RunsInAnotherWorker()
    {
        await using var pool = TestPool.Inline();
        Nested.Pool = pool;

        Assert.Equal(81, await pool.ApplyAsync(Nested.SquareTwiceAsync, 3));
    }

    [Fact]
    public async Task Initializer_Throws_FailsThePool()
    {
        await using var pool = TestPool.Inline(
            options: new PoolOptions { Initializer = PoolInitializer.Of(() => throw new FormatException("bad")) });

        var exception = await Assert.ThrowsAsync<PoolFailedException>(async () => await pool.ApplyAsync(Jobs.Square, 1));

        Assert.IsType<FormatException>(exception.InnerException);
        Assert.Throws<PoolFailedException>(() => pool.ApplyAsync(Jobs.Square, 1));
    }

    [Fact]
    public async Task Initializer_Returns_RunsOnceForEachWorkerEvenWithoutJobs()
    {
        var recorded = Jobs.StartRecording();
        await using var pool = TestPool.Inline(processes: 3, new PoolOptions { Initializer = PoolInitializer.Of(Jobs.Record, "start") });

        await pool.CompleteAsync();

        Assert.Equal(["start", "start", "start"], recorded);
    }

    [Fact]
    public async Task ApplyAsync_TimeoutOnTheGivenClock_EndsTheJobThatHangs()
    {
        var clock = new VirtualClock();
        var plan = FaultPlan.Create(3).Add(FaultTrigger.OnJob(1), Fault.Hang());
        await using var pool = TestPool.Inline(clock: clock, plan: plan);

        var job = pool.ApplyAsync(Jobs.Square, 3, new JobOptions { Timeout = TimeSpan.FromHours(5) });
        clock.Advance(TimeSpan.FromHours(4.9));
        Assert.Equal(JobState.Running, job.State);
        clock.Advance(TimeSpan.FromHours(0.2));

        var exception = await Assert.ThrowsAsync<JobTimedOutException>(async () => await job);
        Assert.Contains("Seed 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("after 0.000 s: Hang BeforeJob, job 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_RunningJob_SignalsItsToken()
    {
        await using var pool = TestPool.Inline();
        using var cancellation = new CancellationTokenSource();
        var submission = Task.Run(() => pool.ApplyAsync(Jobs.WaitForCancellation, CancellationToken.None, null, cancellation.Token));
        while (pool.PendingJobs == 0)
            await Task.Yield();

        await cancellation.CancelAsync();

        var job = await submission;
        await Assert.ThrowsAsync<JobCanceledException>(async () => await job);
    }

    [Fact]
    public async Task ApplyAsync_ClosedPool_IsRefusedAsByARealPool()
    {
        await using var pool = TestPool.Inline();
        pool.Close();

        var exception = Assert.Throws<InvalidOperationException>(() => pool.ApplyAsync(Jobs.Square, 1));

        Assert.StartsWith("Pool not running: it was closed", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await pool.JoinAsync()).Total);
    }

    [Fact]
    public async Task Kill_Worker_IsReplaced()
    {
        await using var pool = TestPool.Inline(processes: 2);
        var changes = new List<WorkerInfo>();
        pool.WorkerChanged += changes.Add;
        pool.Apply(Jobs.Square, 1);

        pool.Workers[0].Kill(WorkerSignal.Terminate);
        await pool.CompleteAsync();

        Assert.Contains(changes, worker => worker is { HasExited: true, ExitCode: -15 });
        Assert.Empty(pool.Workers);
    }

    [Fact]
    public void Inline_OptionOfDurablePools_IsRefused() =>
        Assert.Throws<ArgumentException>(() => TestPool.Inline(options: new PoolOptions { DurableName = "orders" }));

    private static class Nested
    {
        public static TestPool? Pool { get; set; }

        public static async Task<int> SquareTwiceAsync(int x)
        {
            await Task.Yield();
            return await Pool!.ApplyAsync(Jobs.Square, await Pool.ApplyAsync(Jobs.Square, x));
        }
    }

    private static async Task WaitAsync(TimeSpan time) => await Task.Delay(time, VirtualClock.Current);
}
