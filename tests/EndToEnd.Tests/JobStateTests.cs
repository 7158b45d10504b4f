using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The state of a job, and cancellation of jobs that have not begun.</summary>
public sealed class JobStateTests
{
    [Fact]
    public async Task State_JobsInEveryStage_ReturnsTheStage()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        var waiting = own.Pool.ApplyAsync(() => 1);
        using var held = await checkpoint.NextAsync();

        Assert.Equal((JobState.Running, JobState.Waiting), (running.State, waiting.State));
        waiting.Cancel();
        await waiting.Fails<JobCanceledException>();
        held.Release();
        await running.Soon();
        var failed = own.Pool.ApplyAsync(Throw);
        await failed.Fails<FormatException>();
        var late = own.Pool.ApplyAsync(
            Checkpoint.ReportAndWait, checkpoint.Port, new JobOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        await late.Fails<JobTimedOutException>();

        Assert.Equal(
            (JobState.Succeeded, JobState.Canceled, JobState.Failed, JobState.TimedOut),
            (running.State, waiting.State, failed.State, late.State));
    }

    [Fact]
    public async Task State_JobsQueuedInTheirWorker_IsWaiting()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var (running, behind) = await SendAheadAsync(own, checkpoint);
        using var held = await checkpoint.NextAsync();

        Assert.Equal(JobState.Running, running.State);
        Assert.All(behind, job => Assert.Equal(JobState.Waiting, job.State));

        held.Release();
        await Task.WhenAll(behind).Soon();
    }

    [Fact]
    public async Task TryCancel_JobWaitsInThePool_ReturnsTrueAndJobNeverRuns()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var waiting = own.Pool.ApplyAsync(TempFile.Count, file.Path);

        Assert.True(waiting.TryCancel());
        Assert.True(waiting.TryCancel());

        held.Release();
        await running.Soon();
        await waiting.Fails<JobCanceledException>();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(0, file.Lines);
    }

    [Fact]
    public async Task TryCancel_JobWaitsInItsWorker_ReturnsTrueAndOthersRun()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var (running, behind) = await SendAheadAsync(own, checkpoint);
        using var held = await checkpoint.NextAsync();

        Assert.True(behind[3].TryCancel());

        held.Release();
        await running.Soon();
        await behind[3].Fails<JobCanceledException>();
        var others = await Task.WhenAll(behind.Where(job => job != behind[3])).Soon();
        Assert.Equal(behind.Length - 1, others.Length);
    }

    [Fact]
    public async Task TryCancel_JobRunsOrHasEnded_ReturnsFalseAndJobContinues()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        Assert.False(running.TryCancel());
        held.Release();

        Assert.Equal(held.ProcessId, await running.Soon());
        Assert.False(running.TryCancel());
    }

    [Fact]
    public async Task TryCancel_ManyJobs_EachIsCanceledOrRuns()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(2);
        var jobs = Enumerable.Range(0, 300).Select(_ => own.Pool.ApplyAsync(TempFile.Count, file.Path)).ToArray();

        var canceled = jobs.Reverse().Count(job => job.TryCancel());

        var summary = await own.Pool.CompleteAsync().Soon();
        Assert.Equal(canceled, summary.Canceled);
        Assert.Equal(jobs.Length - canceled, file.Lines);
        Assert.Equal(jobs.Length, summary.Total);
    }

    [Fact]
    public async Task Close_CancelPending_CancelsOnlyJobsThatHaveNotBegun()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var (running, behind) = await SendAheadAsync(own, checkpoint);
        using var held = await checkpoint.NextAsync();

        own.Pool.Close(cancelPending: true);

        foreach (var job in behind)
            await job.Fails<JobCanceledException>();
        Assert.Equal(JobState.Running, running.State);
        held.Release();
        await own.Pool.JoinAsync().Soon();
        Assert.Equal(held.ProcessId, await running.Soon());
    }

    [Fact]
    public async Task Close_CancelPendingAfterClose_CancelsJobsThatHaveNotBegun()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        var waiting = own.Pool.ApplyAsync(() => 1);
        using var held = await checkpoint.NextAsync();
        own.Pool.Close();

        own.Pool.Close(cancelPending: true);

        await waiting.Fails<JobCanceledException>();
        held.Release();
        await running.Soon();
    }

    /// <summary>Starts a job that waits at the checkpoint, and ten jobs that are queued in the same worker.</summary>
    private static async Task<(JobHandle<int> Running, JobHandle<int>[] Behind)> SendAheadAsync(TestPool own, Checkpoint checkpoint)
    {
        // After many short jobs the pool sends more jobs ahead to a worker.
        await own.Pool.MapAsync(x => x, Enumerable.Range(0, 2000), 1).Soon();
        return (
            own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port),
            [.. Enumerable.Range(0, 10).Select(i => own.Pool.ApplyAsync(x => x, i))]);
    }

    private static int Throw() => throw new FormatException();
}
