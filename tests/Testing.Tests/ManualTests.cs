namespace Actors.Testing.Tests;

public sealed class ManualTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ApplyAsync_BeforeDrain_RunsNothing()
    {
        var recorded = Jobs.StartRecording();
        await using var pool = TestPool.Manual();
        var first = pool.ApplyAsync(Jobs.RecordAndSquare, 1);
        var second = pool.ApplyAsync(Jobs.RecordAndSquare, 2);

        Assert.Empty(recorded);
        Assert.True(await pool.RunNextAsync());
        Assert.Equal(["1"], recorded);
        Assert.True(first.IsCompleted);
        Assert.False(second.IsCompleted);
        Assert.True(await pool.RunNextAsync());
        Assert.False(await pool.RunNextAsync());
        Assert.Equal(4, await second);
    }

    [Fact]
    public async Task DrainAsync_JobsSubmittedByJobsAndCallbacks_RunToo()
    {
        var recorded = Jobs.StartRecording();
        await using var pool = TestPool.Manual();
        Submitter.Pool = pool;
        _ = pool.ApplyAsync(Submitter.Submit, 3);
        _ = pool.ApplyAsync(
            Jobs.Square, 1, new JobOptions().WithCallback<int>(_ => pool.ApplyAsync(Jobs.Record, "callback")));

        await pool.DrainAsync();

        Assert.Equal(["1", "2", "3", "callback"], recorded.Order(StringComparer.Ordinal));
        Assert.Equal(0, pool.PendingJobs);
    }

    [Fact]
    public async Task DrainAsync_CodeThatAwaitsItsJobs_RunsToItsEnd()
    {
        await using var pool = TestPool.Manual();
        var work = SquareThreeTimesAsync(pool);

        await pool.DrainAsync(work);

        Assert.Equal(256, await work);
        Assert.Equal(3, pool.Submitted.Count);
    }

    /// <summary>The code submits its jobs on threads of its own, while the test already drains.</summary>
    [Fact]
    public async Task DrainAsync_CodeSubmitsAtAnyMoment_MissesNoJob()
    {
        await using var pool = TestPool.Manual();
        for (var i = 0; i < 1000; i++)
        {
            var work = Task.Run(() => pool.ApplyAsync(Jobs.Square, 3).Task);
            await pool.DrainAsync(work).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(9, await work);
        }
    }

    [Fact]
    public async Task DrainAsync_JobsThatTakeHours_TakeNoTime()
    {
        var plan = FaultPlan.Create(1)
            .Add(FaultTrigger.OnJob(1), Fault.Delay(TimeSpan.FromHours(20)))
            .Add(FaultTrigger.OnJob(2), Fault.Hang());
        await using var pool = TestPool.Manual(plan: plan);
        var slow = pool.ApplyAsync(Jobs.Square, 2);
        var hanging = pool.ApplyAsync(Jobs.Square, 3, new JobOptions { Timeout = TimeSpan.FromHours(2) });

        await pool.DrainAsync();

        Assert.Equal(4, await slow);
        await Assert.ThrowsAsync<JobTimedOutException>(async () => await hanging);
        Assert.Equal(TimeSpan.FromHours(22), ((VirtualClock)pool.Clock).Elapsed);
    }

    [Fact]
    public async Task DrainAsync_MapTimeout_FollowsTheVirtualClock()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2), Fault.Hang());
        await using var pool = TestPool.Manual(plan: plan);
        var map = pool.MapResultsAsync(Jobs.Square, [1, 2, 3], chunkSize: 1, new JobOptions { MapTimeout = TimeSpan.FromDays(1) });

        await pool.DrainAsync(map);

        var results = await map;
        Assert.Equal(1, results[0].Value);
        Assert.IsType<JobTimedOutException>(results[1].Error);
    }

    /// <summary>A job that waits for the clock moves it: no other code would.</summary>
    [Fact]
    public async Task DrainAsync_JobThatAwaitsTheVirtualClock_MovesIt()
    {
        var clock = new VirtualClock();
        await using var pool = TestPool.Manual(clock: clock);
        var job = pool.ApplyAsync(WaitTwiceAsync, TimeSpan.FromHours(1));

        await Task.Run(() => pool.DrainAsync()).WaitAsync(Patience);

        Assert.Equal(2, await job);
        Assert.Equal(TimeSpan.FromHours(2), clock.Elapsed);
    }

    [Fact]
    public async Task DrainAsync_JobThatAwaitsLongerThanItsTimeout_TimesOut()
    {
        await using var pool = TestPool.Manual();
        var job = pool.ApplyAsync(WaitTwiceAsync, TimeSpan.FromHours(1), new JobOptions { Timeout = TimeSpan.FromHours(1.5) });

        await Task.Run(() => pool.DrainAsync()).WaitAsync(Patience);

        await Assert.ThrowsAsync<JobTimedOutException>(async () => await job);
    }

    [Fact]
    public async Task DrainAsync_JobThatWaitsForAnObjectWithATimeout_MovesTheClock()
    {
        await using var pool = TestPool.Manual();
        await using var manager = pool.CreateManager();
        var queue = await manager.CreateQueueAsync<int>();
        var job = pool.ApplyAsync(TryTakeAsync, queue);

        await Task.Run(() => pool.DrainAsync()).WaitAsync(Patience);

        Assert.Equal("QueueEmptyException", await job);
        Assert.Equal(TimeSpan.FromMinutes(5), ((VirtualClock)pool.Clock).Elapsed);
    }

    /// <summary>A timer that the job did not start, such as the timeout of another job, must not pass because the job is slow.</summary>
    [Fact]
    public async Task DrainAsync_JobThatWaitsForAThread_DoesNotMoveTheClock()
    {
        await using var pool = TestPool.Manual();
        using var timer = pool.Clock.CreateTimer(static _ => { }, null, TimeSpan.FromHours(8), Timeout.InfiniteTimeSpan);
        var job = pool.ApplyAsync(WorkOnAnotherThreadAsync);

        Assert.True(await Task.Run(pool.RunNextAsync).WaitAsync(Patience));

        Assert.Equal(7, await job);
        Assert.Equal(TimeSpan.Zero, ((VirtualClock)pool.Clock).Elapsed);
    }

    [Fact]
    public async Task AssertSubmitted_Arguments_AreThoseOfTheCalls()
    {
        await using var pool = TestPool.Manual();
        _ = pool.ApplyAsync(Jobs.Join, 7, "paper");
        _ = pool.MapAsync(Jobs.Square, [1, 2, 3], chunkSize: 2);
        _ = pool.StarMapAsync<int, string, string>(Jobs.Join, [(8, "ink")]);

        pool.AssertSubmitted(Jobs.Join, call => call.Get<int>(0) == 7 && (string?)call[1] == "paper");
        pool.AssertSubmitted(Jobs.Join, (int number, string text) => number == 8 && text == "ink", times: 1);
        pool.AssertSubmitted(Jobs.Square, times: 3);
        pool.AssertSubmitted(Jobs.Square, (int number) => number > 1, times: 2);
        var exception = Assert.Throws<PoolAssertionException>(() => pool.AssertSubmitted(Jobs.Join, call => call.Get<int>(0) == 9));
        Assert.Contains("at least one call of Actors.Testing.Tests.Jobs.Join", exception.Message, StringComparison.Ordinal);
        Assert.Contains("job 1: Actors.Testing.Tests.Jobs.Join(7, \"paper\")", exception.Message, StringComparison.Ordinal);
        Assert.Contains("job 2: Actors.Testing.Tests.Jobs.Square(1)(2)", exception.Message, StringComparison.Ordinal);
        Assert.Throws<PoolAssertionException>(pool.AssertNothingSubmitted);
    }

    [Fact]
    public async Task AssertSubmitted_GenericFunction_DistinguishesItsTypeArguments()
    {
        await using var pool = TestPool.Manual();
        _ = pool.ApplyAsync(Echo<int>, 1);

        pool.AssertSubmitted(Echo<int>, times: 1);
        pool.AssertSubmitted(Echo<string>, times: 0);
    }

    [Fact]
    public async Task AssertSubmitted_RefusedSubmission_IsNotListed()
    {
        await using var pool = TestPool.Manual();
        pool.Close();

        Assert.Throws<InvalidOperationException>(() => pool.ApplyAsync(Jobs.Square, 1));

        pool.AssertNothingSubmitted();
    }

    [Fact]
    public async Task ApplyAsync_PoolIsFull_ThrowsInsteadOfWaitingForever()
    {
        await using var pool = TestPool.Manual(options: new PoolOptions { MaxPendingJobs = 1 });
        _ = pool.ApplyAsync(Jobs.Square, 1);

        var exception = Assert.Throws<InvalidOperationException>(() => pool.ApplyAsync(Jobs.Square, 2));

        Assert.Contains("DrainAsync", exception.Message, StringComparison.Ordinal);
        Assert.Single(pool.Submitted);
    }

    [Fact]
    public async Task TryCancel_JobThatHasNotStarted_EndsIt()
    {
        await using var pool = TestPool.Manual();
        var first = pool.ApplyAsync(Jobs.Square, 1);
        var second = pool.ApplyAsync(Jobs.Square, 2);

        Assert.Equal(JobState.Waiting, first.State);
        Assert.True(first.TryCancel());
        second.Cancel();

        Assert.Equal((JobState.Canceled, JobState.Canceled), (first.State, second.State));
        Assert.False(await pool.RunNextAsync());
    }

    [Fact]
    public async Task CompleteAsync_DuringDrain_Ends()
    {
        await using var pool = TestPool.Manual();
        _ = pool.ApplyAsync(Jobs.Square, 1);
        var end = pool.CompleteAsync();

        await pool.DrainAsync(end);

        Assert.Equal(1, (await end).Succeeded);
    }

    [Fact]
    public async Task DrainAsync_InlinePool_IsRefused()
    {
        await using var pool = TestPool.Inline();

        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.DrainAsync());
    }

    private static T Echo<T>(T value) => value;

    private static async Task<int> WaitTwiceAsync(TimeSpan time)
    {
        await Task.Delay(time, VirtualClock.Current);
        await Task.Yield();
        await Task.Delay(time, VirtualClock.Current);
        return 2;
    }

    private static async Task<string> TryTakeAsync(ManagedQueue<int> queue)
    {
        try
        {
            return $"{await queue.GetAsync(TimeSpan.FromMinutes(5))}";
        }
        catch (QueueEmptyException exception)
        {
            return exception.GetType().Name;
        }
    }

    private static async Task<int> WorkOnAnotherThreadAsync()
    {
        var started = new TaskCompletionSource();
        var work = Task.Run(async () =>
        {
            await started.Task;
            return 7;
        });
        await Task.Yield();
        started.SetResult();
        return await work;
    }

    private static async Task<int> SquareThreeTimesAsync(ProcessPool pool)
    {
        var value = 2;
        for (var i = 0; i < 3; i++)
            value = await pool.ApplyAsync(Jobs.Square, value);
        return value;
    }

    private static class Submitter
    {
        public static TestPool? Pool { get; set; }

        public static void Submit(int depth)
        {
            Jobs.Record($"{depth}");
            if (depth > 1)
                _ = Pool!.ApplyAsync(Submit, depth - 1);
        }
    }
}
