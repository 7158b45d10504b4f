using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Where a job is, and cancelling it only if it has not begun.</summary>
public sealed class JobStateTests
{
    [Fact]
    public async Task State_OfJobsInEveryStage_IsTold()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        var waiting = own.Pool.ApplyAsync(() => 1);
        using var visitor = await gate.NextAsync();

        Assert.Equal((JobState.Running, JobState.Waiting), (running.State, waiting.State));
        waiting.Cancel();
        await waiting.Fails<JobCancelledException>();
        visitor.Release();
        await running.Soon();
        var failed = own.Pool.ApplyAsync(Throw);
        await failed.Fails<FormatException>();
        var late = own.Pool.ApplyAsync(Gate.Pass, gate.Port, new JobOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        await late.Fails<JobTimedOutException>();

        Assert.Equal(
            (JobState.Succeeded, JobState.Cancelled, JobState.Failed, JobState.TimedOut),
            (running.State, waiting.State, failed.State, late.State));
    }

    [Fact]
    public async Task State_OfJobsThatWaitInTheirWorker_IsWaiting()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var (running, behind) = await SendAheadAsync(own, gate);
        using var visitor = await gate.NextAsync();

        Assert.Equal(JobState.Running, running.State);
        Assert.All(behind, job => Assert.Equal(JobState.Waiting, job.State));

        visitor.Release();
        await Task.WhenAll(behind).Soon();
    }

    [Fact]
    public async Task TryCancel_JobWaitsInThePool_IsTrueAndItDoesNotRun()
    {
        using var gate = new Gate();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        using var visitor = await gate.NextAsync();
        var waiting = own.Pool.ApplyAsync(TempFile.Count, file.Path);

        Assert.True(waiting.TryCancel());
        Assert.True(waiting.TryCancel());

        visitor.Release();
        await running.Soon();
        await waiting.Fails<JobCancelledException>();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(0, file.Lines);
    }

    [Fact]
    public async Task TryCancel_JobWaitsInItsWorker_IsTrueAndTheOthersRun()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var (running, behind) = await SendAheadAsync(own, gate);
        using var visitor = await gate.NextAsync();

        Assert.True(behind[3].TryCancel());

        visitor.Release();
        await running.Soon();
        await behind[3].Fails<JobCancelledException>();
        var others = await Task.WhenAll(behind.Where(job => job != behind[3])).Soon();
        Assert.Equal(behind.Length - 1, others.Length);
    }

    [Fact]
    public async Task TryCancel_JobRunsOrHasEnded_IsFalseAndItGoesOn()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        using var visitor = await gate.NextAsync();

        Assert.False(running.TryCancel());
        visitor.Release();

        Assert.Equal(visitor.ProcessId, await running.Soon());
        Assert.False(running.TryCancel());
    }

    [Fact]
    public async Task TryCancel_EveryJobOfMany_EachIsCancelledOrRuns()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(2);
        var jobs = Enumerable.Range(0, 300).Select(_ => own.Pool.ApplyAsync(TempFile.Count, file.Path)).ToArray();

        var cancelled = jobs.Reverse().Count(job => job.TryCancel());

        var summary = await own.Pool.CompleteAsync().Soon();
        Assert.Equal(cancelled, summary.Cancelled);
        Assert.Equal(jobs.Length - cancelled, file.Lines);
        Assert.Equal(jobs.Length, summary.Total);
    }

    [Fact]
    public async Task Close_CancelPending_EndsWhatHasNotBegunAndNothingElse()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var (running, behind) = await SendAheadAsync(own, gate);
        using var visitor = await gate.NextAsync();

        own.Pool.Close(cancelPending: true);

        foreach (var job in behind)
            await job.Fails<JobCancelledException>();
        Assert.Equal(JobState.Running, running.State);
        visitor.Release();
        await own.Pool.JoinAsync().Soon();
        Assert.Equal(visitor.ProcessId, await running.Soon());
    }

    [Fact]
    public async Task Close_CancelPendingAfterClose_EndsWhatHasNotBegun()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Gate.Pass, gate.Port);
        var waiting = own.Pool.ApplyAsync(() => 1);
        using var visitor = await gate.NextAsync();
        own.Pool.Close();

        own.Pool.Close(cancelPending: true);

        await waiting.Fails<JobCancelledException>();
        visitor.Release();
        await running.Soon();
    }

    /// <summary>A job that runs at the gate, and others that were sent to the same worker behind it.</summary>
    private static async Task<(JobHandle<int> Running, JobHandle<int>[] Behind)> SendAheadAsync(TestPool own, Gate gate)
    {
        // Short jobs widen the window in which jobs are sent ahead.
        await own.Pool.MapAsync(x => x, Enumerable.Range(0, 2000), 1).Soon();
        return (own.Pool.ApplyAsync(Gate.Pass, gate.Port), [.. Enumerable.Range(0, 10).Select(i => own.Pool.ApplyAsync(x => x, i))]);
    }

    private static int Throw() => throw new FormatException();
}
