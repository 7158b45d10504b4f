using System.Diagnostics;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The progress of a map is reported by time.</summary>
public sealed class MapProgressTests
{
    [Theory]
    [InlineData(100, null)]
    [InlineData(50, 50)]
    public async Task MapAsync_LongChunks_ReportsAtLeastTwiceASecond(int items, int? chunkSize)
    {
        await using var own = await TestPool.StartAsync(1);
        await own.WarmAsync();
        var seen = new Reports();

        await own.Pool.MapAsync(Rest, Enumerable.Range(0, items), chunkSize, new JobOptions { Progress = seen }).Soon();
        await own.Pool.CompleteAsync().Soon();

        Assert.Equal(items, seen.Values[^1]);
        Assert.Equal(seen.Values.Order(), seen.Values);
        Assert.True(seen.Values[0] < items / 4, $"First {seen.Values[0]} of {items}.");
        // 100 items of 60 ms take at least 6 s, 50 at least 3 s: twice a second, with allowance for a loaded machine.
        Assert.True(seen.Values.Distinct().Count() >= items / 20, $"{seen.Values.Count} reports.");
    }

    [Fact]
    public async Task MapAsync_ManyShortChunks_ReportsByTimeAndNotByChunk()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.WarmAsync();
        var seen = new Reports();
        var clock = Stopwatch.StartNew();

        await own.Pool.MapAsync(x => x, Enumerable.Range(0, 20_000), chunkSize: 1, new JobOptions { Progress = seen }).Soon();
        await own.Pool.CompleteAsync().Soon();

        Assert.Equal(20_000, seen.Values[^1]);
        Assert.InRange(seen.Values.Count, 1, 3 + (clock.ElapsedMilliseconds / 50));
    }

    [Fact]
    public async Task MapAsync_FailingItems_CountAsEnded()
    {
        await using var own = await TestPool.StartAsync(1);
        var seen = new Reports();

        await own.Pool.MapAsync(Throw, Enumerable.Range(0, 10), 3, new JobOptions { Progress = seen })
            .Fails<FormatException>();
        await own.Pool.CompleteAsync().Soon();

        Assert.Equal(10, seen.Values[^1]);
    }

    private static int Rest(int x)
    {
        Thread.Sleep(60);
        return x;
    }

    private static int Throw(int x) => throw new FormatException($"{x}");

    private sealed class Reports : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
