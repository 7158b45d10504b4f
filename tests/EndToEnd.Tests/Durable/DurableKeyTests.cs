using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Jobs with keys in a local durable pool.</summary>
public sealed class DurableKeyTests
{
    [Fact]
    public async Task Submit_SameKey_ReturnsTheSameJob()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var pool = await durable.OpenAsync(2);
        var options = new JobOptions { Key = "order-7" };

        var first = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, options).Soon();
        var second = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, options).Soon();
        using var held = await checkpoint.NextAsync();

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(first.Id, pool.LastJobId);
        held.Release();
        Assert.Equal([held.ProcessId, held.ProcessId], await Task.WhenAll(first.Task, second.Task).Soon());
    }

    [Fact]
    public async Task Submit_SameKeyAfterThePoolWasReopened_ReturnsTheSameJob()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var options = new JobOptions { Key = "order-7" };
        long id;
        await using (var pool = await durable.OpenAsync())
        {
            id = (await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, options).Soon()).Id;
            using var first = await checkpoint.NextAsync();
        }

        await using var again = await durable.OpenAsync();
        var job = await again.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, options).Soon();

        Assert.Equal(id, job.Id);
        using var second = await checkpoint.NextAsync();
        second.Release();
        Assert.Equal(second.ProcessId, await job.Soon());
    }

    [Fact]
    public async Task Submit_SameKeyForOtherArguments_ThrowsAndNamesTheJob()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var pool = await durable.OpenAsync();
        var options = new JobOptions { Key = "order-7" };
        var first = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, options).Soon();

        var conflict = await Assert.ThrowsAsync<JobKeyConflictException>(() => pool.SubmitAsync(x => x, 1, options).Soon());

        Assert.Equal(("order-7", first.Id), (conflict.Key, conflict.JobId));
        Assert.Contains("order-7", conflict.Message, StringComparison.Ordinal);
        var awaited = pool.ApplyAsync(x => x, 1, options);
        await Assert.ThrowsAsync<JobKeyConflictException>(() => awaited.Soon());
        Assert.Throws<InvalidOperationException>(() => awaited.Id);
        using var held = await checkpoint.NextAsync();
        held.Release();
        Assert.Equal(held.ProcessId, await first.Soon());
        Assert.Equal(2, await pool.ApplyAsync(() => 2).Soon());
    }

    /// <summary>Many jobs share messages and records with and without keys.</summary>
    [Fact]
    public async Task Submit_ManyJobsWithAndWithoutKeys_RunsEachKeyOnce()
    {
        const int Keys = 50;
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var pool = await durable.OpenAsync();
        var gate = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        var jobs = Enumerable.Range(0, 10 * Keys).Select(index => index % 3 == 0
            ? pool.ApplyAsync(x => x, index)
            : pool.ApplyAsync(x => x, index % Keys, new JobOptions { Key = $"{index % Keys}" })).ToList();
        await Task.WhenAll(jobs.Select(job => job.Accepted)).Soon();

        Assert.Equal(Keys, jobs.Where((_, index) => index % 3 != 0).Select(job => job.Id).Distinct().Count());
        using var held = await checkpoint.NextAsync();
        held.Release();
        var results = await Task.WhenAll(jobs.Select(job => job.Task)).Soon();
        Assert.Equal(Enumerable.Range(0, 10 * Keys).Select(index => index % 3 == 0 ? index : index % Keys), results);
        Assert.Equal(held.ProcessId, await gate.Soon());
    }

    /// <summary>Canceling one handle cancels the job, and so ends every handle.</summary>
    [Fact]
    public async Task Cancel_HandleOfAnExistingJob_CancelsTheJob()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var pool = await durable.OpenAsync();
        var gate = pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        var options = new JobOptions { Key = "x" };
        var first = pool.ApplyAsync(x => x, 1, options);
        var second = pool.ApplyAsync(x => x, 1, options);

        second.Cancel();

        await Assert.ThrowsAsync<JobCanceledException>(() => first.Soon());
        await Assert.ThrowsAsync<JobCanceledException>(() => second.Soon());
        using var held = await checkpoint.NextAsync();
        held.Release();
        Assert.Equal(held.ProcessId, await gate.Soon());
    }

    [Fact]
    public async Task Key_NotPossible_ThrowsAndSaysWhy()
    {
        using var durable = new DurablePool();
        await using var pool = await durable.OpenAsync();
        var options = new JobOptions { Key = "x" };

        Assert.Throws<ArgumentException>(() => { pool.ApplyAsync(() => 1, new JobOptions { Key = "" }); });
        Assert.Throws<ArgumentException>(() => { pool.ApplyAsync(() => 1, new JobOptions { Key = new string('x', 201) }); });
        var stream = pool.IMap(x => x, [1], options: options).GetAsyncEnumerator();
        var lazy = await Assert.ThrowsAsync<ArgumentException>(async () => await stream.MoveNextAsync());
        await stream.DisposeAsync();
        Assert.Contains("lazy map", lazy.Message, StringComparison.Ordinal);
        await using var ordinary = await ProcessPool.StartAsync(1);
        var refusal = Assert.Throws<ArgumentException>(() => { ordinary.ApplyAsync(() => 1, options); });
        Assert.Contains(nameof(PoolOptions.DurableName), refusal.Message, StringComparison.Ordinal);
    }
}
