using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

[Collection(RunsAlone.Name)]
public sealed class LifecycleTests
{
    [Fact]
    public async Task StartAsync_ProcessCount_StartsThatManyProcesses()
    {
        await using var own = await TestPool.StartAsync(2);
        await own.WarmAsync();

        Assert.Equal(2, own.Pool.Processes);
        Assert.Equal(2, own.Pool.Workers.Count);
        Assert.All(own.Pool.Workers, worker => Assert.True(ProcessIds.IsRunning(worker.ProcessId)));
    }

    [Fact]
    public async Task JoinAsync_AfterClose_WaitsForTheJobsAndCountsThem()
    {
        await using var own = await TestPool.StartAsync(2);
        var good = Enumerable.Range(0, 20).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();
        var bad = own.Pool.ApplyAsync(Throw);

        own.Pool.Close();
        var summary = await own.Pool.JoinAsync().Soon();

        Assert.Equal((20, 1, 0), (summary.Succeeded, summary.Failed, summary.Dropped));
        Assert.All(good, job => Assert.True(job.IsSuccessful));
        Assert.False(bad.IsSuccessful);
        Assert.DoesNotContain(own.ProcessIds, ProcessIds.IsRunning);
    }

    [Fact]
    public async Task JoinAsync_AfterCloseWithoutJobs_Ends()
    {
        await using var own = await TestPool.StartAsync(1);

        own.Pool.Close();

        Assert.Equal(0, (await own.Pool.JoinAsync().Soon()).Succeeded);
    }

    [Fact]
    public async Task JoinAsync_BeforeClose_IsRefused()
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => own.Pool.JoinAsync());

        Assert.Contains("Pool is still running", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_AfterClose_IsRefused()
    {
        await using var own = await TestPool.StartAsync(1);
        own.Pool.Close();

        Assert.Contains(
            "closed", Assert.Throws<InvalidOperationException>(() => { own.Pool.ApplyAsync(() => 1); }).Message, StringComparison.Ordinal);
        await own.Pool.JoinAsync().Soon();
    }

    [Fact]
    public async Task ApplyAsync_AfterDispose_IsRefused()
    {
        var own = await TestPool.StartAsync(1);
        await own.DisposeAsync();

        Assert.Throws<PoolTerminatedException>(() => { own.Pool.ApplyAsync(() => 1); });
    }

    [Fact]
    public async Task TerminateAsync_UnfinishedJobs_DropsAndCountsThem()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(() => 1).Soon();
        var jobs = Enumerable.Range(0, 5).Select(_ => own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port)).ToArray();
        using var held = await checkpoint.NextAsync();

        var summary = await own.Pool.TerminateAsync().Soon();

        Assert.Equal((1, 0, 5), (summary.Succeeded, summary.Failed, summary.Dropped));
        foreach (var job in jobs)
            await job.Fails<PoolTerminatedException>();
        Assert.False(ProcessIds.IsRunning(held.ProcessId));
        Assert.Equal(0, own.Pool.PendingJobs);
    }

    [Fact]
    public async Task TerminateAsync_TokenIsCanceled_StillEndsThePool()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => own.Pool.TerminateAsync(new CancellationToken(canceled: true))).Soon();

        Assert.Equal(1, (await own.Pool.JoinAsync().Soon()).Dropped);
        await job.Fails<PoolTerminatedException>();
    }

    [Fact]
    public async Task TerminateAsync_ImmediatelyAfterManySubmissions_EndsEveryHandle()
    {
        await using var own = await TestPool.StartAsync(2);
        var jobs = Enumerable.Range(0, 2000).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();

        var summary = await own.Pool.TerminateAsync().Soon();

        Assert.Equal(2000, summary.Succeeded + summary.Failed + summary.Dropped);
        Assert.All(jobs, job => Assert.True(job.IsCompleted));
    }

    [Fact]
    public async Task DisposeAsync_UnfinishedJobs_WarnsWithTheirNumber()
    {
        using var checkpoint = new Checkpoint();
        var own = await TestPool.StartAsync(1);
        _ = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        _ = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        var said = await StandardError.OfAsync(() => own.DisposeAsync().AsTask());

        Assert.Contains("disposed with 2 unfinished jobs, which were dropped", said, StringComparison.Ordinal);
        Assert.False(ProcessIds.IsRunning(held.ProcessId));
    }

    [Fact]
    public async Task DisposeAsync_NoUnfinishedJobs_PrintsNoWarning()
    {
        var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(() => 1).Soon();

        Assert.DoesNotContain("ProcessPool", await StandardError.OfAsync(() => own.DisposeAsync().AsTask()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_Twice_HasNoFurtherEffect()
    {
        await using var own = await TestPool.StartAsync(1);

        own.Pool.Dispose();
        own.Pool.Dispose();

        Assert.Empty(own.Pool.Workers);
    }

    [Fact]
    public async Task StartAsync_SecondPoolAtOnce_IsIndependent()
    {
        await using var first = await TestPool.StartAsync(1);
        await using var second = await TestPool.StartAsync(1);
        var firstId = await first.Pool.ApplyAsync(() => Environment.ProcessId).Soon();
        await first.Pool.TerminateAsync().Soon();

        Assert.NotEqual(firstId, await second.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    private static int Throw() => throw new FormatException();
}
