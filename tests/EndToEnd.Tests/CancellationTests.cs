using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class CancellationTests
{
    private static readonly PoolOptions LongGrace = new() { CancellationGrace = TimeSpan.FromMinutes(10) };
    private static readonly PoolOptions ShortGrace = new() { CancellationGrace = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Cancel_WaitingJob_EndsAtOnceAndNeverRuns()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var running = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var waiting = own.Pool.ApplyAsync(TempFile.Count, file.Path);

        waiting.Cancel();

        await waiting.Fails<JobCanceledException>();
        Assert.False(running.IsCompleted);
        held.Release();
        await running.Soon();
        Assert.Equal(0, file.Lines);
    }

    [Fact]
    public async Task Cancel_RunningJobWithToken_StopsItAndKeepsTheWorker()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(HoldUntilCanceled, checkpoint.Port, CancellationToken.None);
        using var held = await checkpoint.NextAsync();

        job.Cancel();

        await job.Fails<JobCanceledException>();
        Assert.Equal(held.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
        Assert.Single(own.ProcessIds);
    }

    [Fact]
    public async Task Cancel_RunningAsyncJobWithToken_StopsItAndKeepsTheWorker()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(DelayUntilCanceled, checkpoint.Port, CancellationToken.None);
        using var held = await checkpoint.NextAsync();

        job.Cancel();

        await job.Fails<JobCanceledException>();
        Assert.Equal(held.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    [Fact]
    public async Task Cancel_JobIgnoresItsToken_KillsAndReplacesTheWorker()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, ShortGrace);
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var next = own.Pool.ApplyAsync(() => Environment.ProcessId);

        job.Cancel();

        await job.Fails<JobCanceledException>();
        Assert.Equal(-9, (await own.ExitOf(held.ProcessId)).ExitCode);
        Assert.NotEqual(held.ProcessId, await next.Soon());
        Assert.False(ProcessIds.IsRunning(held.ProcessId));
    }

    /// <summary>A slow worker begins the job after its grace period has expired. The job must not run forever.</summary>
    [Fact]
    public async Task Cancel_JobBeginsAfterTheGracePeriod_IsKilled()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await (await TestPool.StartAsync(2, new PoolOptions { CancellationGrace = TimeSpan.Zero })).WarmAsync();
        var other = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var slow = own.Pool.Workers.Single(worker => worker.ProcessId != held.ProcessId).ProcessId;
        await ProcessIds.SignalAsync(slow, "STOP");
        var job = own.Pool.ApplyAsync(() => Thread.Sleep(Timeout.Infinite));

        job.Cancel();
        // The kill of the other worker shows that the earlier grace period of the job has expired too.
        other.Cancel();
        await own.ExitOf(held.ProcessId);
        await ProcessIds.SignalAsync(slow, "CONT");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Soon());
        var next = new[] { own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port), own.Pool.ApplyAsync(
            Checkpoint.ReportAndWait, checkpoint.Port) };
        using var first = await checkpoint.NextAsync();
        using var second = await checkpoint.NextAsync();
        first.Release();
        second.Release();
        await Task.WhenAll(next.Select(one => one.Task)).Soon();
    }

    /// <summary>The pool waits at most ten seconds for a worker that does not respond.</summary>
    [LongFact]
    public async Task Cancel_WorkerIsSuspended_KillsItAfterTenSeconds()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { CancellationGrace = TimeSpan.Zero });
        var processId = await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon();
        await ProcessIds.SignalAsync(processId, "STOP");
        var job = own.Pool.ApplyAsync(() => Thread.Sleep(Timeout.Infinite));
        job.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Soon());
        Assert.NotEqual(processId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    [Fact]
    public async Task Cancel_JobFinishesWithinTheGracePeriod_ReturnsItsResult()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        job.Cancel();
        held.Release();

        Assert.Equal(held.ProcessId, await job.Soon());
    }

    [Fact]
    public async Task Cancel_JobHasEnded_ChangesNothing()
    {
        await using var own = await TestPool.StartAsync(1, ShortGrace);
        var job = own.Pool.ApplyAsync(() => Environment.ProcessId);
        var processId = await job.Soon();

        job.Cancel();

        Assert.Equal(processId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
        Assert.True(job.IsSuccessful);
    }

    [Fact]
    public async Task ApplyAsync_TokenIsCanceledWhileItRuns_CancelsTheJob()
    {
        using var checkpoint = new Checkpoint();
        using var cancel = new CancellationTokenSource();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(HoldUntilCanceled, checkpoint.Port, CancellationToken.None, cancellationToken: cancel.Token);
        using var held = await checkpoint.NextAsync();

        await cancel.CancelAsync();

        await job.Fails<JobCanceledException>();
    }

    [Fact]
    public async Task ApplyAsync_TokenIsAlreadyCanceled_SubmitsNothing()
    {
        await using var own = await TestPool.StartAsync(1);

        Assert.Throws<OperationCanceledException>(() => { own.Pool.ApplyAsync(() => 1, cancellationToken: new CancellationToken(true)); });
        Assert.Equal(0, own.Pool.PendingJobs);
    }

    /// <summary>The job gets its own token in place of an argument or a captured variable.</summary>
    [Fact]
    public async Task ApplyAsync_TokenAmongTheValuesIsCanceled_RunsTheJob()
    {
        var canceled = new CancellationToken(canceled: true);
        await using var own = await TestPool.StartAsync(1);

        Assert.False(await own.Pool.ApplyAsync(static token => token.IsCancellationRequested, canceled).Soon());
        Assert.False(await own.Pool.ApplyAsync(() => canceled.IsCancellationRequested).Soon());
    }

    [Fact]
    public async Task MapAsync_TokenIsCanceled_CancelsUnfinishedJobs()
    {
        using var checkpoint = new Checkpoint();
        using var cancel = new CancellationTokenSource();
        await using var own = await TestPool.StartAsync(1, ShortGrace);
        var port = checkpoint.Port;
        var map = own.Pool.MapAsync(_ => Checkpoint.ReportAndWait(port), Enumerable.Range(0, 10), 1, cancellationToken: cancel.Token);
        using var held = await checkpoint.NextAsync();

        await cancel.CancelAsync();

        await map.Fails<JobCanceledException>();
        Assert.Equal(0, own.Pool.PendingJobs);
        Assert.True(checkpoint.IsQuiet);
    }

    [Fact]
    public async Task Cancel_ManyJobs_EachEndsOnceAndTheOthersSucceed()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(2, LongGrace);
        var holders = new[] { own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port), own.Pool.ApplyAsync(
            Checkpoint.ReportAndWait, checkpoint.Port) };
        using var first = await checkpoint.NextAsync();
        using var second = await checkpoint.NextAsync();
        var jobs = Enumerable.Range(0, 200).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();

        foreach (var job in jobs.Where((_, i) => i % 2 == 0))
            job.Cancel();
        foreach (var job in jobs.Where((_, i) => i % 2 == 0))
            await job.Fails<JobCanceledException>();
        first.Release();
        second.Release();

        for (var i = 1; i < jobs.Length; i += 2)
            Assert.Equal(i, await jobs[i].Soon());
        await Task.WhenAll(holders.Select(holder => holder.Task)).Soon();
    }

    private static int HoldUntilCanceled(int port, CancellationToken cancellationToken)
    {
        using var client = Checkpoint.Report(port);
        cancellationToken.WaitHandle.WaitOne();
        cancellationToken.ThrowIfCancellationRequested();
        return 0;
    }

    private static async Task<int> DelayUntilCanceled(int port, CancellationToken cancellationToken)
    {
        using var client = Checkpoint.Report(port);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
