using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestPool</c>: lazy maps.</summary>
public sealed partial class PoolTests
{
    /// <summary><c>test_imap</c></summary>
    [Theory]
    [InlineData(10, 1)]
    [InlineData(1000, 100)]
    public async Task IMap_Items_YieldsAllInOrder(int items, int chunkSize)
    {
        await using var results = _pool.IMap(Square, Enumerable.Range(0, items), chunkSize).GetAsyncEnumerator();
        for (var i = 0; i < items; i++)
        {
            Assert.True(await results.MoveNextAsync().Soon());
            Assert.Equal(i * i, results.Current);
        }

        Assert.False(await results.MoveNextAsync().Soon());
    }

    /// <summary>
    /// <c>test_imap_handle_iterable_exception</c>. With larger chunks, Python loses the results of the chunk in which the input failed;
    /// here all earlier results are returned.
    /// </summary>
    [Theory]
    [InlineData(1, -1, 1, 0)]
    [InlineData(10, 3, 1, 3)]
    [InlineData(20, 7, 2, 7)]
    [InlineData(20, 7, 4, 7)]
    public async Task IMap_InputThrows_ThrowsAtThatPosition(int total, int when, int chunkSize, int before)
    {
        await using var results = _pool.IMap(Square, Throwing(total, when), chunkSize).GetAsyncEnumerator();
        for (var i = 0; i < before; i++)
        {
            Assert.True(await results.MoveNextAsync().Soon());
            Assert.Equal(i * i, results.Current);
        }

        await Assert.ThrowsAsync<SayWhenException>(() => results.MoveNextAsync().Soon());
    }

    /// <summary><c>test_imap_unordered</c></summary>
    [Theory]
    [InlineData(10, 1)]
    [InlineData(1000, 100)]
    public async Task IMapUnordered_Items_YieldsAll(int items, int chunkSize)
    {
        var results = new List<int>();
        await foreach (var result in _pool.IMapUnordered(Square, Enumerable.Range(0, items), chunkSize))
            results.Add(result);
        results.Sort();
        Assert.Equal(Enumerable.Range(0, items).Select(Square), results);
    }

    /// <summary><c>test_imap_unordered_handle_iterable_exception</c></summary>
    [Theory]
    [InlineData(1, -1, 1)]
    [InlineData(10, 3, 1)]
    [InlineData(20, 7, 2)]
    public async Task IMapUnordered_InputThrows_ThrowsOnce(int total, int when, int chunkSize)
    {
        var results = new List<int>();
        await Assert.ThrowsAsync<SayWhenException>(async () =>
        {
            await foreach (var result in _pool.IMapUnordered(Square, Throwing(total, when), chunkSize))
                results.Add(result);
        });
        Assert.Equal(Enumerable.Range(0, Math.Max(when, 0)).Select(Square), results.Order());
    }

    /// <summary>No counterpart in CPython: its feeder thread reads the whole input, even if the results are consumed slowly.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IMap_EndlessInput_IsReadOnlyUpToTheLimit(bool isOrdered)
    {
        var drawn = 0;
        IEnumerable<int> Endless()
        {
            while (true)
                yield return drawn++;
        }

        var map = isOrdered
            ? _pool.IMap(Square, Endless(), chunkSize: 3, maxChunksAhead: 4)
            : _pool.IMapUnordered(Square, Endless(), chunkSize: 3, maxChunksAhead: 4);
        Assert.Equal(0, drawn);
        var taken = 0;
        await foreach (var _ in map)
        {
            taken++;
            Assert.InRange(drawn, taken, taken + 5 * 3);
            if (taken == 100)
                break;
        }
    }

    /// <summary>No counterpart in CPython. A lazy map has no single result for a callback.</summary>
    [Fact]
    public void IMap_WithCallbacks_IsRefused() => Assert.Throws<ArgumentException>(
        () => { _pool.IMap(Square, Ten, options: new JobOptions { ErrorCallback = _ => { } }); });
}
