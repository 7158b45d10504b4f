using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Jobs of a durable pool are listed and changed by their ids.</summary>
public sealed class DurableJobsTests : IDisposable
{
    private readonly DurablePool _durable = new();
    private readonly TempFile _flag = new();

    [Fact]
    public async Task List_JobsInEachState_DescribesThem()
    {
        using var checkpoint = new Checkpoint();
        await using var pool = await _durable.OpenAsync(options: Explicit);
        var failed = pool.ApplyAsync(Fail, "broken", new JobOptions { Key = "f", Priority = 3 });
        await Assert.ThrowsAsync<FormatException>(() => failed.Soon());
        Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());
        var running = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        var jobs = await Jobs.ListAsync().Soon();

        Assert.Equal(
            [DurableJobState.Failed, DurableJobState.Succeeded, DurableJobState.Pending], jobs.Select(job => job.State));
        Assert.Equal((failed.Id, "f", 3, "broken"), (jobs[0].Id, jobs[0].Key, jobs[0].Priority, jobs[0].Failure));
        Assert.Contains(nameof(Fail), jobs[0].Function, StringComparison.Ordinal);
        Assert.NotNull(jobs[0].EndedAt);
        Assert.Null(jobs[2].EndedAt);
        Assert.Equal(jobs[2], Assert.Single(await Jobs.ListAsync(jobs[1].Id, 1).Soon()));
        Assert.Equal(jobs[2], await Jobs.FindAsync(running.Id).Soon());
        Assert.Null(await Jobs.FindAsync(99).Soon());
        held.Release();
    }

    [Fact]
    public async Task Cancel_PendingJob_EndsIt()
    {
        using var checkpoint = new Checkpoint();
        await using var pool = await _durable.OpenAsync(options: Explicit with { CancellationGrace = TimeSpan.Zero });
        var running = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        Assert.Equal([running.Id], await Jobs.CancelAsync([running.Id, 99]).Soon());

        await Assert.ThrowsAsync<JobCanceledException>(() => running.Soon());
        Assert.Equal(DurableJobState.Canceled, (await Jobs.FindAsync(running.Id).Soon())?.State);
    }

    [Fact]
    public async Task Retry_FailedJob_RunsAgainWithItsId()
    {
        await using var pool = await _durable.OpenAsync(options: Explicit);
        var job = pool.ApplyAsync(FailOnce, _flag.Path);
        await Assert.ThrowsAsync<FormatException>(() => job.Soon());

        Assert.Equal([job.Id], await Jobs.RetryAsync([job.Id]).Soon());

        await pool.DisposeAsync();
        await using var again = await _durable.OpenAsync(options: Explicit);
        Assert.Equal(42, await again.Attach<int>(job.Id).Soon());
        Assert.Empty(await Jobs.RetryAsync([job.Id]).Soon());
    }

    [Fact]
    public async Task Delete_EndedJob_ForgetsItsResult()
    {
        await using (var pool = await _durable.OpenAsync(options: Explicit))
            Assert.Equal(1, await pool.ApplyAsync(() => 1).Soon());

        // Without a program that has opened the pool.
        Assert.Equal([1L], await Jobs.DeleteAsync([1]).Soon());

        Assert.Empty(await Jobs.ListAsync().Soon());
    }

    [Fact]
    public async Task List_UnknownPool_Throws()
    {
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => Jobs.ListAsync().Soon());

        Assert.Contains("'pool'", unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Jobs.ListAsync(count: 0));
        Assert.Throws<ArgumentException>(() => new DurableJobs("pool"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _flag.Dispose();
        _durable.Dispose();
    }

    private static PoolOptions Explicit => new() { Acknowledgment = ResultAcknowledgment.Explicit };

    private DurableJobs Jobs => new("pool", store: new SqliteStore(_durable.Path));

    private static int Fail(string reason) => throw new FormatException(reason);

    private static int FailOnce(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > 0 })
            return 42;
        File.WriteAllText(path, "failed");
        throw new FormatException("once");
    }
}
