using System.Globalization;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class OptionsTests
{
    private static string _initialized = "no";

    [Fact]
    public async Task MaxJobsPerWorker_ManyJobs_EachProcessRunsThatMany()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxJobsPerWorker = 3 });

        var processIds = (
            await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => own.Pool.ApplyAsync(() => Environment.ProcessId).Task)).Soon());

        Assert.Equal("3 3 3", string.Join(" ", processIds.GroupBy(id => id).Select(group => group.Count())));
        Assert.Equal(0, (await own.ExitOf(processIds[0])).ExitCode);
    }

    [Fact]
    public async Task Initializer_Pool_RunsInEveryWorkerBeforeItsJobs()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(
            2, new PoolOptions { Initializer = PoolInitializer.Of(text => _initialized = text, "yes") });
        var jobs = new[] { own.Pool.ApplyAsync(SeenAtCheckpoint, checkpoint.Port), own.Pool.ApplyAsync(SeenAtCheckpoint, checkpoint.Port) };
        using var first = await checkpoint.NextAsync();
        using var second = await checkpoint.NextAsync();
        first.Release();
        second.Release();

        Assert.NotEqual(first.ProcessId, second.ProcessId);
        Assert.Equal("yes", await jobs[0].Soon());
        Assert.Equal("yes", await jobs[1].Soon());
        Assert.Equal("no", _initialized);
    }

    [Fact]
    public async Task Initializer_CallsAManagedObject_ReceivesTheReply()
    {
        await using var manager = await Manager.StartAsync().Soon();
        var queue = await manager.CreateQueueAsync<int>().Soon();
        await queue.PutAsync(7).Soon();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(TakeMark, queue) });
        Assert.Equal("7", await own.Pool.ApplyAsync(() => _initialized).Soon());
    }

    [Fact]
    public async Task Initializer_WorkerIsReplaced_RunsAgain()
    {
        await using var own = await TestPool.StartAsync(
            1, new PoolOptions { MaxJobsPerWorker = 1, Initializer = PoolInitializer.Of(text => _initialized = text, "yes") });

        Assert.Equal("yes", await own.Pool.ApplyAsync(() => _initialized).Soon());
        Assert.Equal("yes", await own.Pool.ApplyAsync(() => _initialized).Soon());
    }

    [Fact]
    public async Task Initializer_Throws_FailsEveryJobWithTheCauseAndStartsNoMoreWorkers()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(2, new PoolOptions { Initializer = PoolInitializer.Of(CountAndThrow, file.Path) });
        var jobs = new List<JobHandle<int>>();
        try
        {
            for (var i = 0; i < 20; i++)
                jobs.Add(own.Pool.ApplyAsync(() => 1));
        }
        catch (PoolFailedException)
        {
            // The pool has already failed.
        }

        foreach (var job in jobs)
        {
            var exception = await job.Fails<PoolFailedException>();
            Assert.Equal("no database", Assert.IsType<FormatException>(exception.InnerException).Message);
        }

        await own.Pool.TerminateAsync().Soon();
        Assert.InRange(file.Lines, 1, 2);
        // Each may have ended before the test watched the pool.
        Assert.InRange(own.ProcessIds.Count, 0, 2);
    }

    [Fact]
    public async Task Initializer_HasThrown_LaterSubmissionIsRefusedWithTheCause()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(Throw) });
        await own.Pool.ApplyAsync(() => 1).Fails<PoolFailedException>();

        var exception = Assert.Throws<PoolFailedException>(() => { own.Pool.ApplyAsync(() => 1); });

        Assert.IsType<FormatException>(exception.InnerException);
    }

    [Fact]
    public async Task Initializer_EndsTheProcess_FailsThePoolAfterAFewStarts()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(() => Environment.Exit(7)) });

        var exception = await own.Pool.ApplyAsync(() => 1).Fails<PoolFailedException>();

        Assert.Contains("7", exception.Message, StringComparison.Ordinal);
        Assert.InRange(own.ProcessIds.Count, 1, 4);
    }

    [Fact]
    public async Task Timeout_JobTakesTooLong_KillsOnlyItsWorker()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await (await TestPool.StartAsync(2)).WarmAsync();
        var other = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var victim = own.Pool.Workers.Single(worker => worker.ProcessId != held.ProcessId);
        var slow = own.Pool.ApplyAsync(() => Thread.Sleep(Timeout.Infinite), new JobOptions { Timeout = TimeSpan.FromMilliseconds(200) });

        var exception = await slow.Fails<JobTimedOutException>();

        Assert.IsAssignableFrom<TimeoutException>(exception);
        Assert.Equal(-9, (await own.ExitOf(victim.ProcessId)).ExitCode);
        held.Release();
        Assert.Equal(held.ProcessId, await other.Soon());
        Assert.Equal(3, await own.Pool.ApplyAsync(() => 3).Soon());
        Assert.Equal(1, slow.Attempts);
    }

    [Fact]
    public async Task Timeout_JobWaitsLongInTheQueue_CountsOnlyRunningTime()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var holder = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var job = own.Pool.ApplyAsync(() => 1, new JobOptions { Timeout = TimeSpan.FromMilliseconds(500) });

        Assert.False(job.Wait(TimeSpan.FromMilliseconds(700)));
        held.Release();

        Assert.Equal(1, await job.Soon());
        await holder.Soon();
    }

    public static TheoryData<string, PoolOptions> BadOptions => new()
    {
        { nameof(PoolOptions.MaxAttempts), new PoolOptions { MaxAttempts = 0 } },
        { nameof(PoolOptions.MaxJobsPerWorker), new PoolOptions { MaxJobsPerWorker = 0 } },
        { nameof(PoolOptions.MaxMemoryPerWorker), new PoolOptions { MaxMemoryPerWorker = (64 << 20) - 1 } },
        { nameof(PoolOptions.MaxPendingJobs), new PoolOptions { MaxPendingJobs = 0 } },
        { nameof(PoolOptions.CancellationGrace), new PoolOptions { CancellationGrace = TimeSpan.FromTicks(-1) } },
        { nameof(PoolOptions.Acknowledgment), new PoolOptions { Acknowledgment = (ResultAcknowledgment)9 } },
        { nameof(PoolOptions.CancelOn), new PoolOptions { CancelOn = (CancellationTriggers)8 } },
        { nameof(PoolOptions.RecycleAfter), new PoolOptions { RecycleAfter = TimeSpan.FromMilliseconds(999) } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task StartAsync_OptionOutOfRange_NamesTheOption(string name, PoolOptions options) =>
        Assert.Equal(
            name, (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ProcessPool.StartAsync(1, options: options))).ParamName);

    [Fact]
    public async Task StartAsync_NegativeProcesses_IsRefused() =>
        Assert.Equal("processes", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ProcessPool.StartAsync(-1))).ParamName);

    [Fact]
    public async Task StartAsync_MoreProcessesThanANodeMayRun_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ProcessPool.StartAsync(4097));

        Assert.StartsWith("A pool on this machine has at most 4096 workers.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_JobOptionOutOfRange_NamesTheOption()
    {
        await using var own = await TestPool.StartAsync(1);

        Assert.Throws<ArgumentOutOfRangeException>(
            "Timeout", () => { own.Pool.ApplyAsync(() => 1, new JobOptions { Timeout = TimeSpan.FromSeconds(-1) }); });
        Assert.Throws<ArgumentOutOfRangeException>(
            "MaxAttempts", () => { own.Pool.ApplyAsync(() => 1, new JobOptions { MaxAttempts = 0 }); });
        Assert.Equal(0, own.Pool.PendingJobs);
    }

    [Fact]
    public async Task MaxPendingJobs_LimitIsReached_SubmissionBlocksUntilAJobEnds()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxPendingJobs = 2 });
        var holders = new[] { own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port), own.Pool.ApplyAsync(
            Checkpoint.ReportAndWait, checkpoint.Port) };
        using var first = await checkpoint.NextAsync();
        var submitting = new TaskCompletionSource();
        var submitted = new TaskCompletionSource<JobHandle<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            submitting.SetResult();
            submitted.SetResult(own.Pool.ApplyAsync(() => 5));
        });
        thread.Start();
        await submitting.Task.Soon();

        // The submission blocks: its thread waits, and the number of jobs is unchanged.
        Assert.True(await Waiting.Until(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, Waiting.Guard));
        Assert.False(submitted.Task.IsCompleted);
        Assert.Equal(2, own.Pool.PendingJobs);

        first.Release();
        await holders[0].Soon();
        var third = await submitted.Task.Soon();
        using var second = await checkpoint.NextAsync();
        second.Release();
        Assert.Equal(5, await third.Soon());
        thread.Join();
    }

    /// <summary>Unlike ApplyAsync, SubmitAsync waits without its thread. A canceled wait, or a refused job, gives its place back.</summary>
    [Fact]
    public async Task SubmitAsync_MaxPendingJobsIsReached_WaitsWithoutBlocking()
    {
        using var checkpoint = new Checkpoint();
        using var canceling = new CancellationTokenSource();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxPendingJobs = 1 });
        var holder = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        var canceled = own.Pool.SubmitAsync(() => 4, cancellationToken: canceling.Token);
        var waiting = Enumerable.Range(0, 20).Select(i => own.Pool.SubmitAsync(x => x, i)).ToList();
        Assert.False(canceled.IsCompleted || waiting.Any(submission => submission.IsCompleted));
        Assert.Equal(1, own.Pool.PendingJobs);
        await canceling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled.Soon());

        held.Release();
        await holder.Soon();
        foreach (var (index, submission) in waiting.Index())
            Assert.Equal(index, await (await submission.Soon()).Soon());

        own.Pool.Close();
        await Assert.ThrowsAsync<InvalidOperationException>(() => own.Pool.SubmitAsync(() => 5).Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => own.Pool.SubmitAsync(() => 6).Soon());
    }

    [Fact]
    public async Task MapAsync_MaxPendingJobsIsReached_WaitsWithoutBlocking()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxPendingJobs = 1 });
        var holder = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        var values = own.Pool.MapAsync(x => x + 1, Enumerable.Range(0, 20), chunkSize: 1);
        var results = own.Pool.MapResultsAsync(x => 10 / x, [0, 1, 2], chunkSize: 1);
        Assert.False(values.IsCompleted || results.IsCompleted);
        Assert.Equal(1, own.Pool.PendingJobs);

        held.Release();
        await holder.Soon();
        Assert.Equal(Enumerable.Range(1, 20), await values.Soon());
        var items = await results.Soon();
        Assert.IsType<DivideByZeroException>(items[0].Error);
        Assert.Equal([10, 5], items[1..].Select(item => item.Value));
    }

    /// <summary>The caller has the task of the map when its chunks are refused.</summary>
    [Fact]
    public async Task MapAsync_PoolEndsWhileItWaits_Throws()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxPendingJobs = 1 });
        var holder = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var values = own.Pool.MapAsync(x => x, Enumerable.Range(0, 20), chunkSize: 1);
        var results = own.Pool.MapResultsAsync(x => x, [0, 1], chunkSize: 1);

        own.Pool.Terminate();

        await Assert.ThrowsAsync<PoolTerminatedException>(() => values.Soon());
        Assert.All(await results.Soon(), item => Assert.IsType<PoolTerminatedException>(item.Error));
    }

    [Fact]
    public async Task MaxPendingJobs_PoolEnds_BlockedSubmissionIsRefused()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxPendingJobs = 1 });
        var holder = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var blocked = Task.Run(() => own.Pool.ApplyAsync(() => 5));

        await own.Pool.TerminateAsync().Soon();

        await Assert.ThrowsAsync<PoolTerminatedException>(() => blocked.Soon());
        await holder.Fails<PoolTerminatedException>();
    }

    private static void Throw() => throw new FormatException("no database");

    private static void CountAndThrow(string path)
    {
        TempFile.Count(path);
        Throw();
    }

    private static void TakeMark(ManagedQueue<int> queue) => _initialized = queue.Get().ToString(CultureInfo.InvariantCulture);

    private static string SeenAtCheckpoint(int port)
    {
        Checkpoint.ReportAndWait(port);
        return _initialized;
    }
}
