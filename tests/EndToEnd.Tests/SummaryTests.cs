using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class SummaryTests
{
    [Fact]
    public async Task CompleteAsync_MapAndCalls_CountsJobsAndItems()
    {
        await using var own = await TestPool.StartAsync(2);
        await own.Pool.MapAsync(
            x => x % 100 == 0 ? throw new FormatException("round") : x, Enumerable.Range(1, 1000), 50).Fails<FormatException>();
        await own.Pool.ApplyAsync(() => 1).Soon();

        var summary = await own.Pool.CompleteAsync().Soon();

        Assert.Equal((21, 11, 10), (summary.Total, summary.Succeeded, summary.Failed));
        Assert.Equal((1001, 991, 10), (summary.Items, summary.SucceededItems, summary.FailedItems));
        Assert.StartsWith(
            "21 jobs: 11 succeeded, 10 failed; 1,001 items: 991 succeeded, 10 failed. First failure: Job ",
            $"{summary}",
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteAsync_UnseenFailures_NamesFunctionAndItem()
    {
        await using var own = await TestPool.StartAsync(1);
        _ = own.Pool.ApplyAsync(FailToParse, 1);
        await own.Pool.MapAsync(FailToParse, [0, 0, 1], chunkSize: 3).Fails<FormatException>();

        var summary = await own.Pool.CompleteAsync().Soon();

        const string name = "Actors.EndToEnd.Tests.SummaryTests." + nameof(FailToParse);
        Assert.Contains($"Job 1 ({name}): System.FormatException: bad", $"{summary}", StringComparison.Ordinal);
        Assert.Equal($"Job 2 ({name}, item 2): System.FormatException: bad", $"{summary.FirstFailures[1]}");
    }

    [Fact]
    public async Task TerminateAsync_WaitingMap_CountsItsItemsAsFailed()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var running = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        var map = own.Pool.MapAsync(x => x, Enumerable.Range(0, 100), 25);

        var summary = await own.Pool.TerminateAsync().Soon();

        await map.Fails<PoolTerminatedException>();
        await running.Fails<PoolTerminatedException>();
        Assert.Equal((5, 5, 101, 0), (summary.Total, summary.Dropped, summary.Items, summary.SucceededItems));
    }

    [Fact]
    public void ToString_CallsOnly_OmitsItems()
    {
        var summary = new PoolSummary(
            2, 1, 0, 0, 0, 1200, [new JobFailure(3, new FormatException("bad\nvalue"))])
        { Items = 1203, SucceededItems = 2 };

        Assert.Equal(
            "1,203 jobs: 2 succeeded, 1 failed, 1,200 dropped. First failure: Job 3: System.FormatException: bad value", $"{summary}");
        Assert.Equal("0 jobs", $"{new PoolSummary(0, 0, 0, 0, 0, 0, [])}");
    }

    private static int FailToParse(int x) => x == 1 ? throw new FormatException("bad") : x;
}
