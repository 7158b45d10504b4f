using System.Diagnostics;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The progress of a map is reported at intervals of time.</summary>
public sealed class MapProgressTests
{
    /// <summary>
    /// The last item waits for the report of the earlier items. <c>MapProgressTests</c> of the client tests the interval with a virtual
    /// clock.
    /// </summary>
    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public async Task MapAsync_ItemRuns_ReportsEarlierItems(int chunkSize)
    {
        await using var own = await TestPool.StartAsync(1);
        using var checkpoint = new Checkpoint();
        var seen = new Reports();

        var map = own.Pool.StarMapAsync(
            PassLast, Enumerable.Range(0, 4).Select(item => (item, checkpoint.Port)), chunkSize, new JobOptions { Progress = seen });
        using var held = await checkpoint.NextAsync();
        await seen.WhenAsync(3).Soon();
        held.Release();
        await map.Soon();
        await own.Pool.CompleteAsync().Soon();

        Assert.Equal(4, seen.Values[^1]);
        Assert.Equal(seen.Values.Order().Distinct(), seen.Values);
    }

    [Fact]
    public async Task MapAsync_ManyShortChunks_ReportsByTimeNotByChunk()
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

    private static int PassLast(int item, int port)
    {
        if (item == 3)
            Checkpoint.ReportAndWait(port);
        return item;
    }

    private static int Throw(int x) => throw new FormatException($"{x}");

    private sealed class Reports : IProgress<int>
    {
        private readonly Dictionary<int, TaskCompletionSource> _awaited = [];

        public List<int> Values { get; } = [];

        public Task WhenAsync(int value) => Awaited(value).Task;

        public void Report(int value)
        {
            Values.Add(value);
            Awaited(value).TrySetResult();
        }

        private TaskCompletionSource Awaited(int value)
        {
            lock (_awaited)
            {
                return _awaited.TryGetValue(value, out var known)
                    ? known
                    : _awaited[value] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
