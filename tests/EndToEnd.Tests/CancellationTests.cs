using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class CancellationTests
{
    private static readonly PoolOptions LongGrace = new() { CancellationGrace = TimeSpan.FromMinutes(10) };
    private static readonly PoolOptions ShortGrace = new() { CancellationGrace = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Cancel_WaitingJob_EndsItAtOnceAndItNeverRuns()
    {
        using var gate = new Gate();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var running = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        using var visitor = await gate.NextAsync();
        var waiting = own.Pool.ApplyAsync(TempFile.Count, file.Path);

        waiting.Cancel();

        await waiting.Fails<JobCancelledException>();
        Assert.False(running.IsCompleted);
        visitor.Release();
        await running.Soon();
        Assert.Equal(0, file.Lines);
    }

    [Fact]
    public async Task Cancel_RunningJobWithToken_StopsItAndTheExecutorLivesOn()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(HoldUntilCancelled, gate.Port, CancellationToken.None);
        using var visitor = await gate.NextAsync();

        job.Cancel();

        await job.Fails<JobCancelledException>();
        Assert.Equal(visitor.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
        Assert.Single(own.ProcessIds);
    }

    [Fact]
    public async Task Cancel_RunningAsyncJobWithToken_StopsItAndTheExecutorLivesOn()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(DelayUntilCancelled, gate.Port, CancellationToken.None);
        using var visitor = await gate.NextAsync();

        job.Cancel();

        await job.Fails<JobCancelledException>();
        Assert.Equal(visitor.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    [Fact]
    public async Task Cancel_RunningJobThatIgnoresIt_KillsTheExecutorAndReplacesIt()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1, ShortGrace);
        var job = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        using var visitor = await gate.NextAsync();
        var next = own.Pool.ApplyAsync(() => Environment.ProcessId);

        job.Cancel();

        await job.Fails<JobCancelledException>();
        Assert.Equal(-9, (await own.ExitOf(visitor.ProcessId)).ExitCode);
        Assert.NotEqual(visitor.ProcessId, await next.Soon());
        Assert.False(ProcessIds.IsRunning(visitor.ProcessId));
    }

    /// <summary>The executor is so slow that the grace is over before the job begins: it begins all the same, and must not stay for ever.</summary>
    [Fact]
    public async Task Cancel_JobThatBeginsAfterItsGrace_IsKilled()
    {
        using var gate = new Gate();
        await using var own = await (await TestPool.StartAsync(2, new PoolOptions { CancellationGrace = TimeSpan.Zero })).WarmAsync();
        var other = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        using var visitor = await gate.NextAsync();
        var slow = own.Pool.Workers.Single(executor => executor.ProcessId != visitor.ProcessId).ProcessId;
        await ProcessIds.SignalAsync(slow, "STOP");
        var job = own.Pool.ApplyAsync(() => Thread.Sleep(Timeout.Infinite));

        job.Cancel();
        // Nothing announces that a grace is over but the end of a process: of that whose grace began after the job's.
        other.Cancel();
        await own.ExitOf(visitor.ProcessId);
        await ProcessIds.SignalAsync(slow, "CONT");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Soon());
        var next = new[] { own.Pool.ApplyAsync(Gate.Pass, gate.Port), own.Pool.ApplyAsync(Gate.Pass, gate.Port) };
        using var first = await gate.NextAsync();
        using var second = await gate.NextAsync();
        first.Release();
        second.Release();
        await Task.WhenAll(next.Select(one => one.Task)).Soon();
    }

    /// <summary>An executor that does nothing at all, not even answer, is not waited for longer than ten seconds.</summary>
    [LongFact]
    public async Task Cancel_ExecutorIsStopped_KillsItInTheEnd()
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
    public async Task Cancel_JobThatFinishesWithinTheGrace_GivesItsResult()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        using var visitor = await gate.NextAsync();

        job.Cancel();
        visitor.Release();

        Assert.Equal(visitor.ProcessId, await job.Soon());
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
    public async Task ApplyAsync_TokenIsCancelledWhileItRuns_CancelsTheJob()
    {
        using var gate = new Gate();
        using var cancel = new CancellationTokenSource();
        await using var own = await TestPool.StartAsync(1, LongGrace);
        var job = own.Pool.ApplyAsync(HoldUntilCancelled, gate.Port, CancellationToken.None, cancellationToken: cancel.Token);
        using var visitor = await gate.NextAsync();

        await cancel.CancelAsync();

        await job.Fails<JobCancelledException>();
    }

    [Fact]
    public async Task ApplyAsync_TokenIsCancelledAlready_SubmitsNothing()
    {
        await using var own = await TestPool.StartAsync(1);

        Assert.Throws<OperationCanceledException>(() => { own.Pool.ApplyAsync(() => 1, cancellationToken: new CancellationToken(true)); });
        Assert.Equal(0, own.Pool.PendingJobs);
    }

    [Fact]
    public async Task MapAsync_TokenIsCancelled_CancelsWhatHasNotEnded()
    {
        using var gate = new Gate();
        using var cancel = new CancellationTokenSource();
        await using var own = await TestPool.StartAsync(1, ShortGrace);
        var port = gate.Port;
        var map = own.Pool.MapAsync(_ => Gate.Pass(port), Enumerable.Range(0, 10), 1, cancellationToken: cancel.Token);
        using var visitor = await gate.NextAsync();

        await cancel.CancelAsync();

        await map.Fails<JobCancelledException>();
        Assert.Equal(0, own.Pool.PendingJobs);
        Assert.True(gate.IsQuiet);
    }

    [Fact]
    public async Task Cancel_ManyJobs_EachEndsOnceAndTheOthersSucceed()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(2, LongGrace);
        var holders = new[] { own.Pool.ApplyAsync(Gate.Pass, gate.Port), own.Pool.ApplyAsync(Gate.Pass, gate.Port) };
        using var first = await gate.NextAsync();
        using var second = await gate.NextAsync();
        var jobs = Enumerable.Range(0, 200).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();

        foreach (var job in jobs.Where((_, i) => i % 2 == 0))
            job.Cancel();
        foreach (var job in jobs.Where((_, i) => i % 2 == 0))
            await job.Fails<JobCancelledException>();
        first.Release();
        second.Release();

        for (var i = 1; i < jobs.Length; i += 2)
            Assert.Equal(i, await jobs[i].Soon());
        await Task.WhenAll(holders.Select(holder => holder.Task)).Soon();
    }

    private static int HoldUntilCancelled(int port, CancellationToken cancellationToken)
    {
        using var client = Gate.Announce(port);
        cancellationToken.WaitHandle.WaitOne();
        cancellationToken.ThrowIfCancellationRequested();
        return 0;
    }

    private static async Task<int> DelayUntilCancelled(int port, CancellationToken cancellationToken)
    {
        using var client = Gate.Announce(port);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
