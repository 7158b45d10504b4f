using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The timeout of a map limits each item.</summary>
public sealed class MapTimeoutTests
{
    private static readonly JobOptions OneSecond = new() { Timeout = TimeSpan.FromSeconds(1) };

    [LongTheory]
    [InlineData(25, 25)]
    [InlineData(80, null)]
    [InlineData(25, 1)]
    public async Task MapAsync_SumOfItemTimesExceedsTimeout_Succeeds(int items, int? chunkSize)
    {
        await using var own = await StartAsync();

        Assert.Equal(Enumerable.Range(0, items), await own.Pool.MapAsync(Rest, Enumerable.Range(0, items), chunkSize, OneSecond).Soon());
    }

    [LongFact]
    public async Task StarMapAsync_SumOfItemTimesExceedsTimeout_Succeeds()
    {
        await using var own = await StartAsync();

        Assert.Equal(25, (await own.Pool.StarMapAsync(RestTwo, Enumerable.Range(0, 25).Select(x => (x, x)), 25, OneSecond).Soon()).Length);
    }

    [LongFact]
    public async Task IMap_ChunkTakesLongerThanTheTimeout_Succeeds()
    {
        await using var own = await StartAsync();
        var results = new List<int>();

        await foreach (var result in own.Pool.IMap(Rest, Enumerable.Range(0, 25), chunkSize: 25, options: OneSecond))
            results.Add(result);

        Assert.Equal(Enumerable.Range(0, 25), results);
    }

    [Fact]
    public async Task MapAsync_ItemTakesLongerThanTheTimeout_Fails()
    {
        await using var own = await TestPool.StartAsync(1);

        var map = own.Pool.MapAsync(HangAtFive, Enumerable.Range(0, 8), chunkSize: 8, OneSecond);

        await map.Fails<JobTimedOutException>();
    }

    /// <summary>
    /// Starts a pool and runs the functions once, because loading them takes long on a busy machine and would count as running time.
    /// </summary>
    private static async Task<TestPool> StartAsync()
    {
        var own = await TestPool.StartAsync(1);
        await own.Pool.MapAsync(Rest, [1]).Soon();
        await own.Pool.StarMapAsync(RestTwo, [(1, 1)]).Soon();
        return own;
    }

    private static int Rest(int x)
    {
        Thread.Sleep(60);
        return x;
    }

    private static int RestTwo(int x, int y) => Rest(x + y);

    private static int HangAtFive(int x)
    {
        if (x == 5)
            Thread.Sleep(Timeout.Infinite);
        return x;
    }
}
