using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class MapTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Fact]
    public void Map_Items_ReturnsResultsInOrder() =>
        Assert.Equal(Enumerable.Range(0, 100).Select(x => x * x), _pool.Map(x => x * x, Enumerable.Range(0, 100)));

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task MapAsync_AnyChunkSize_ReturnsResultsInItemOrder(int? chunkSize) =>
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(x => $"{x}"), await _pool.MapAsync(x => $"{x}", Enumerable.Range(0, 1000), chunkSize).Soon());

    [Fact]
    public async Task MapAsync_AsyncFunction_ReturnsResultsOfItsTasks() =>
        Assert.Equal("2 4 6", string.Join(" ", await _pool.MapAsync(DoubleLater, [1, 2, 3]).Soon()));

    [Theory]
    [InlineData(100, null, 8)] // as in Python: four chunks for each of two processes
    [InlineData(3, null, 3)]
    [InlineData(100, 30, 4)]
    public async Task MapAsync_ChunkSize_DeterminesTheNumberOfJobs(int items, int? chunkSize, int jobs)
    {
        using var checkpoint = new Checkpoint();
        var holders = new[] { _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port), _pool.ApplyAsync(
            Checkpoint.ReportAndWait, checkpoint.Port) };
        using var first = await checkpoint.NextAsync();
        using var second = await checkpoint.NextAsync();

        var map = _pool.MapAsync(x => x, Enumerable.Range(0, items), chunkSize);

        Assert.Equal(jobs, _pool.PendingJobs - holders.Length);
        first.Release();
        second.Release();
        Assert.Equal(Enumerable.Range(0, items), await map.Soon());
        await Task.WhenAll(holders.Select(holder => holder.Task)).Soon();
    }

    [Fact]
    public async Task MapAsync_NoItems_ReturnsNoResults() => Assert.Empty(await _pool.MapAsync(x => x, Array.Empty<int>()).Soon());

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task MapAsync_ChunkSizeNotPositive_IsRefused(int chunkSize) =>
        Assert.Equal(
            "chunkSize", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _pool.MapAsync(x => x, [1], chunkSize))).ParamName);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task MapAsync_ItemsFail_ThrowsTheFirstByPositionAfterAllEnded(int chunkSize)
    {
        using var checkpoint = new Checkpoint();
        using var folder = new TempFolder();
        var port = checkpoint.Port;
        var path = folder.Path;

        // Item 17 fails before item 3.
        var map = _pool.MapAsync(x => FailAtCheckpoint(x, port, path), Enumerable.Range(0, 20), chunkSize);
        using (var held = await checkpoint.NextAsync())
        {
            Assert.False(map.IsCompleted);
            held.Release();
        }

        Assert.Equal("item 3", (await map.Fails<FormatException>()).Message);
        Assert.Equal(20, folder.Files);
    }

    [Fact]
    public async Task StarMapAsync_Tuples_PassElementsAsArguments() =>
        Assert.Equal(["1a", "2b"], await _pool.StarMapAsync((number, text) => $"{number}{text}", [(1, "a"), (2, "b")]).Soon());

    [Fact]
    public async Task StarMapAsync_ThreeArgumentsAsync_ReturnsResultsOfItsTasks() =>
        Assert.Equal("6 60", string.Join(" ", await _pool.StarMapAsync(SumLater, [(1, 2, 3), (10, 20, 30)]).Soon()));

    private static async Task<int> DoubleLater(int x)
    {
        await Task.Yield();
        return x * 2;
    }

    private static async Task<int> SumLater(int a, int b, int c)
    {
        await Task.Yield();
        return a + b + c;
    }

    private static int FailAtCheckpoint(int x, int port, string path)
    {
        File.WriteAllText(Path.Combine(path, $"{x}"), "");
        if (x == 3)
            Checkpoint.ReportAndWait(port);
        return x is 3 or 17 ? throw new FormatException($"item {x}") : x;
    }
}
