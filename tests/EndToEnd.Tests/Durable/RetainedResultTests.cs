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
    public async Task Complete_ResultsWereNotAwaited_ReturnsThemAndEndsThePool()
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
        Assert.Equal(0, again.LastJobId);
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
