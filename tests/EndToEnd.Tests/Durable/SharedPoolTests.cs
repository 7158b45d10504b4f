using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Several users of one durable pool at the same time.</summary>
public sealed class SharedPoolTests
{
    [Fact]
    public async Task Apply_TwoUsers_EachReceivesItsResults()
    {
        using var durable = new DurablePool();
        await using var first = await durable.OpenAsync(2);
        await using var second = await durable.OpenAsync();

        var ones = Enumerable.Range(0, 100).Select(x => first.ApplyAsync(y => y + 1, x)).ToList();
        var twos = Enumerable.Range(0, 100).Select(x => second.ApplyAsync(y => y + 2, x)).ToList();

        for (var x = 0; x < 100; x++)
            Assert.Equal((x + 1, x + 2), (await ones[x].Soon(), await twos[x].Soon()));
        Assert.Empty(ones.Select(job => job.Id).Intersect(twos.Select(job => job.Id)));
        Assert.Equal(100, (await first.CompleteAsync().Soon()).Succeeded);
        Assert.Equal(9, await second.ApplyAsync(() => 9).Soon());
    }

    [Fact]
    public async Task Dispose_OneOfTwoUsers_LeavesThePoolToTheOther()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var first = await durable.OpenAsync(2);
        await using var second = await durable.OpenAsync();
        var job = await first.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();

        await first.DisposeAsync();
        held.Release();

        Assert.Equal(held.ProcessId, await second.Attach<int>(job.Id).Soon());
    }

    [Fact]
    public async Task Terminate_OneOfTwoUsers_EndsItsJobsOnly()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var options = new PoolOptions { CancellationGrace = TimeSpan.Zero };
        await using var first = await durable.OpenAsync(2, options);
        await using var second = await durable.OpenAsync(2, options);
        var mine = first.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var one = await checkpoint.NextAsync();
        var other = second.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var two = await checkpoint.NextAsync();

        await first.TerminateAsync().Soon();
        two.Release();

        await Assert.ThrowsAsync<PoolTerminatedException>(() => mine.Soon());
        Assert.Equal(two.ProcessId, await other.Soon());
    }

    /// <summary>The job of the other user continues, and its end may be far away.</summary>
    [Fact]
    public async Task Terminate_AttachedToAJobOfTheOtherUser_DoesNotWaitForIt()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var first = await durable.OpenAsync();
        await using var second = await durable.OpenAsync();
        var job = await first.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        var attached = second.Attach<int>(job.Id);

        await second.TerminateAsync().Soon();

        await Assert.ThrowsAsync<PoolTerminatedException>(() => attached.Soon());
        held.Release();
        Assert.Equal(held.ProcessId, await job.Soon());
    }

    /// <summary>Both receive the result, and it is retained until both have it.</summary>
    [Fact]
    public async Task Attach_JobOfTheOtherUser_BothReceiveItsResult()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var options = new PoolOptions { Acknowledgment = ResultAcknowledgment.Explicit };
        await using var first = await durable.OpenAsync(options: options);
        await using var second = await durable.OpenAsync(options: options);
        var mine = await first.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        using var held = await checkpoint.NextAsync();
        var theirs = second.Attach<int>(mine.Id);
        held.Release();
        Assert.Equal(held.ProcessId, await theirs.Soon());
        theirs.Acknowledge();
        await second.DisposeAsync();

        Assert.Equal(held.ProcessId, await mine.Soon());
        await using var third = await durable.OpenAsync(options: options);
        Assert.Equal(held.ProcessId, await third.Attach<int>(mine.Id).Soon());
    }

    [Fact]
    public async Task Submit_KeyOfTheOtherUsersJob_ReturnsThatJob()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        await using var first = await durable.OpenAsync();
        await using var second = await durable.OpenAsync();
        var key = new JobOptions { Key = "once" };
        var mine = await first.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, key).Soon();
        using var held = await checkpoint.NextAsync();

        var theirs = await second.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port, key).Soon();
        held.Release();

        Assert.Equal(mine.Id, theirs.Id);
        Assert.Equal((held.ProcessId, held.ProcessId), (await mine.Soon(), await theirs.Soon()));
    }

    [Fact]
    public async Task Close_ByName_EndsThePoolForBothUsersAndDeletesIt()
    {
        using var durable = new DurablePool();
        await using var first = await durable.OpenAsync();
        await using var second = await durable.OpenAsync();
        Assert.Equal(1, await first.ApplyAsync(() => 1).Soon());

        Assert.True(await durable.CloseAsync().Soon());

        Assert.Equal(1, (await first.CompleteAsync().Soon()).Succeeded);
        await second.CompleteAsync().Soon();
        await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await second.ApplyAsync(() => 1).Soon());
        await first.DisposeAsync();
        await second.DisposeAsync();
        Assert.False(await durable.CloseAsync().Soon());
        await using var again = await durable.OpenAsync();
        Assert.Equal(1, (await again.SubmitAsync(() => 1).Soon()).Id);
    }

    [Fact]
    public async Task Close_ByNameWithoutAUser_CancelsItsJobs()
    {
        using var durable = new DurablePool();
        using var checkpoint = new Checkpoint();
        var pool = await durable.OpenAsync();
        var job = await pool.SubmitAsync(Checkpoint.ReportAndWait, checkpoint.Port).Soon();
        await pool.DisposeAsync();

        Assert.True(await durable.CloseAsync(cancelPending: true).Soon());

        await using var again = await durable.OpenAsync();
        await Assert.ThrowsAsync<JobCanceledException>(() => again.Attach<int>(job.Id).Soon());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Close_WithoutAName_Throws(string? name)
    {
        using var durable = new DurablePool();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ProcessPool.CloseAsync(name!, store: new SqliteStore(durable.Path)));
    }
}
