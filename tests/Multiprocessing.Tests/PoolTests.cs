using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestPool</c>: calls and maps.</summary>
public sealed partial class PoolTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private static readonly int[] Ten = [.. Enumerable.Range(0, 10)];

    private readonly ProcessPool _pool = warm.Pool;

    /// <summary><c>test_apply</c></summary>
    [Fact]
    public void Apply_Function_ReturnsItsResult()
    {
        Assert.Equal(25, _pool.Apply(Square, 5));
        // Captured variables replace Python's keyword arguments.
        var scale = 3;
        Assert.Equal(15, _pool.Apply(x => x * scale, 5));
    }

    /// <summary><c>test_map</c></summary>
    [Fact]
    public void Map_Items_ReturnsAllInOrder()
    {
        Assert.Equal(Ten.Select(Square), _pool.Map(Square, Ten));
        Assert.Equal(Enumerable.Range(0, 100).Select(Square), _pool.Map(Square, Enumerable.Range(0, 100), chunkSize: 20));
    }

    /// <summary><c>test_starmap</c>, <c>test_starmap_async</c></summary>
    [Fact]
    public async Task StarMapAsync_Tuples_PassElementsAsArguments()
    {
        var tuples = Enumerable.Range(0, 100).Select(x => (x, 99 - x)).ToArray();
        var expected = tuples.Select(pair => pair.Item1 * pair.Item2).ToArray();
        Assert.Equal(expected, await _pool.StarMapAsync((a, b) => a * b, tuples).Soon());
        Assert.Equal(expected, await _pool.StarMapAsync((a, b) => a * b, tuples, chunkSize: 20).Soon());
    }

    /// <summary><c>test_map_async</c></summary>
    [Fact]
    public async Task MapAsync_Items_ReturnsAllInOrder() => Assert.Equal(Ten.Select(Square), await _pool.MapAsync(Square, Ten).Soon());

    /// <summary>
    /// <c>test_map_async_callbacks</c>. In Python the callback has run before <c>wait()</c> returns; here it runs afterward, and a join
    /// waits for it.
    /// </summary>
    [Fact]
    public async Task MapAsync_WithCallbacks_CallsExactlyOneOnce()
    {
        await using var own = await TestPool.StartAsync(1);
        var (results, errors) = (new List<int[]>(), new List<Exception>());
        var options = new JobOptions { ErrorCallback = errors.Add }.WithCallback<int[]>(results.Add);

        _ = own.Pool.MapAsync(Parse, ["1"], options: options);
        _ = own.Pool.MapAsync(Parse, ["a"], options: options);
        _ = own.Pool.MapAsync(Parse, ["a"], options: options);
        await own.Pool.CompleteAsync().Soon();

        Assert.Equal([1], Assert.Single(results));
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error => Assert.IsType<FormatException>(error));
    }

    /// <summary><c>test_map_unplicklable</c>. In Python the result fails; here the call throws before it sends any job.</summary>
    [Fact]
    public void Map_ItemsAreNotSerializable_IsRefused() =>
        Assert.Throws<NotCarriedException>(() => _pool.Map(stream => stream.Length, Enumerable.Repeat(Stream.Null, 10)));

    /// <summary><c>test_map_chunksize</c></summary>
    [Fact]
    public async Task MapAsync_NoItemsWithAChunkSize_Ends() =>
        Assert.Empty(await _pool.MapAsync(Square, Array.Empty<int>(), chunkSize: 1).Soon());

    /// <summary>No counterpart in CPython, which returns <c>[None, None]</c> for a chunk size of 0.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Map_ChunkSizeNotPositive_IsRefused(int chunkSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Map(Square, [1, 2], chunkSize));

    /// <summary><c>test_map_handle_iterable_exception</c></summary>
    [Fact]
    public void Map_InputThrows_ThrowsThatException()
    {
        Assert.Throws<SayWhenException>(() => _pool.Map(Square, Throwing(1, -1), 1));
        Assert.Throws<SayWhenException>(() => _pool.Map(Square, Throwing(1, -1), 1));
        Assert.Throws<SayWhenException>(() => _pool.Map(Square, Throwing(10, 3), 1));
        Assert.Equal([4], _pool.Map(Square, [2]));
    }

    /// <summary><c>test_async</c></summary>
    [Fact]
    public async Task ApplyAsync_SlowFunction_ReturnsBeforeItsEnd()
    {
        using var checkpoint = new Checkpoint();
        var job = _pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        using var held = await checkpoint.NextAsync();
        Assert.False(job.IsCompleted);
        held.Release();
        Assert.Equal(held.ProcessId, job.Get(Waiting.Guard));
        Assert.True(job.IsSuccessful);
    }

    /// <summary><c>test_async_timeout</c></summary>
    [Fact]
    public async Task Get_TimeoutExpires_Throws()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(3);
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port);
        Assert.Throws<TimeoutException>(() => job.Get(TimeSpan.FromMilliseconds(20)));
    }

    private static int Square(int x) => x * x;

    private static int Parse(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<int> Throwing(int total, int when)
    {
        if (when == -1)
            throw new SayWhenException();
        for (var i = 0; i < total; i++)
            yield return i == when ? throw new SayWhenException() : i;
    }

    private sealed class SayWhenException() : Exception("Somebody said when");
}
