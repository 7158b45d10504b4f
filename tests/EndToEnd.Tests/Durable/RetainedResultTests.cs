using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>A durable pool retains a result until it is acknowledged.</summary>
public sealed class RetainedResultTests
{
    [Fact]
    public async Task Acknowledge_JobHasNotEnded_Throws()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var pool = await durable.OpenAsync();
        var job = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        Assert.Throws<InvalidOperationException>(job.Acknowledge);

        held.Release();
        await job.Soon();
        job.Acknowledge();
        job.Acknowledge();
    }

    /// <summary>The results are awaited together: the first must not be removed while the caller waits for the last.</summary>
    [Fact]
    public async Task WhenAll_ProgramLeavesBeforeTheLastResult_RetainsTheFirst()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync(2);
        var first = await pool.SubmitAsync(() => 1).Soon();
        var last = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        var all = Task.WhenAll(first, last);
        first.Wait();
        using (var held = await checkpoint.NextAsync())
            await pool.DisposeAsync();
        await Assert.ThrowsAsync<PoolTerminatedException>(() => all.Soon());

        await using var again = await durable.OpenAsync();

        Assert.Equal(1, await again.Attach<int>(first.Id).Soon());
    }

    [Fact]
    public async Task Complete_ResultsWereNotAwaited_RetainsThem()
    {
        using var durable = new DurablePool();
        JobHandle<int>[] jobs;
        await using (var pool = await durable.OpenAsync())
        {
            jobs = [.. Enumerable.Range(0, 10).Select(x => pool.ApplyAsync(y => y, x))];
            await pool.CompleteAsync().Soon();
        }

        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(jobs).Soon());
        await using var again = await durable.OpenAsync();
        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(jobs.Select(job => again.Attach<int>(job.Id))).Soon());
    }

    [Fact]
    public async Task Complete_ResultsAreAwaitedBeforeTheDisposal_RetainsNone()
    {
        using var durable = new DurablePool();
        await using (var pool = await durable.OpenAsync())
        {
            JobHandle<int>[] jobs = [.. Enumerable.Range(0, 10).Select(x => pool.ApplyAsync(y => y, x))];
            var map = await pool.SubmitMapAsync(x => x + 1, Enumerable.Range(0, 10)).Soon();
            await pool.CompleteAsync().Soon();
            Assert.NotEmpty(await durable.Jobs.ListAsync().Soon());
            Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(jobs).Soon());
            Assert.Equal(Enumerable.Range(1, 10), await map.Task.Soon());
        }

        Assert.Empty(await durable.Jobs.ListAsync().Soon());
    }

    [Fact]
    public async Task Acknowledge_AfterComplete_RemovesTheResult()
    {
        using var durable = new DurablePool();
        await using (var pool = await durable.OpenAsync(
            options: new PoolOptions { Acknowledgment = ResultAcknowledgment.Explicit }))
        {
            var (processed, other) = (pool.ApplyAsync(() => 1), pool.ApplyAsync(() => 2));
            await pool.CompleteAsync().Soon();
            Assert.Equal((1, 2), (await processed.Soon(), await other.Soon()));
            processed.Acknowledge();
        }

        Assert.Equal(2, Assert.Single(await durable.Jobs.ListAsync().Soon()).Id);
    }

    [Fact]
    public async Task Close_ByNameBeforeAUserAwaits_RetainsTheResult()
    {
        using var durable = new DurablePool();
        long id;
        await using (var pool = await durable.OpenAsync())
        {
            id = (await pool.SubmitAsync(() => 7).Soon()).Id;
            Assert.True(await durable.CloseAsync().Soon());
            await pool.CompleteAsync().Soon();
        }

        await using (var again = await durable.OpenAsync())
            Assert.Equal(7, await again.Attach<int>(id).Soon());
        Assert.False(await durable.CloseAsync().Soon());
    }

    [Fact]
    public async Task Terminate_UnfinishedJob_RetainsResultsOfEndedJobsOnly()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var options = new PoolOptions { CancellationGrace = TimeSpan.Zero };
        JobHandle<int> ended;
        await using (var pool = await durable.OpenAsync(options: options))
        {
            ended = await pool.SubmitAsync(() => 1).Soon();
            ended.Wait();
            _ = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
            using var held = await checkpoint.NextAsync();
            await pool.TerminateAsync().Soon();
        }

        Assert.Equal(ended.Id, Assert.Single(await durable.Jobs.ListAsync().Soon()).Id);
    }

    [Fact]
    public async Task Acknowledgment_None_RetainsNoResult()
    {
        using var durable = new DurablePool();
        var options = new PoolOptions { Acknowledgment = ResultAcknowledgment.None };
        long id;
        await using (var pool = await durable.OpenAsync(options: options))
        {
            var job = await pool.SubmitAsync(() => 1).Soon();
            job.Wait();
            id = job.Id;
            Assert.Equal(2, await pool.ApplyAsync(() => 2).Soon());
        }

        await using var again = await durable.OpenAsync(options: options);
        await Assert.ThrowsAsync<JobNotFoundException>(() => again.Attach<int>(id).Soon());
    }
}
