using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class IMapTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task IMap_Items_YieldsResultsInOrder(int chunkSize) =>
        Assert.Equal(Enumerable.Range(1, 95), await Collect(_pool.IMap(x => x + 1, Enumerable.Range(0, 95), chunkSize)));

    [Fact]
    public async Task IMap_NoItems_YieldsNoResults() => Assert.Empty(await Collect(_pool.IMap(x => x, Array.Empty<int>())));

    [Fact]
    public async Task IMap_EndlessInput_IsReadOnlyAsResultsAreConsumed()
    {
        var drawn = 0;
        IEnumerable<int> Endless()
        {
            while (true)
                yield return drawn++;
        }

        var taken = new List<int>();
        await foreach (var result in _pool.IMap(x => x * 2, Endless(), chunkSize: 2, maxChunksAhead: 3))
        {
            taken.Add(result);
            Assert.InRange(drawn, taken.Count, taken.Count + (2 * (3 + 1)));
            if (taken.Count == 50)
                break;
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(x => x * 2), taken);
    }

    [Fact]
    public void IMap_NotEnumerated_ReadsAndSubmitsNothing()
    {
        var drawn = 0;
        _ = _pool.IMap(x => x, Enumerable.Range(0, 10).Select(x => drawn++));

        Assert.Equal(0, drawn);
        Assert.Equal(0, _pool.PendingJobs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task IMap_ItemFails_ThrowsAtItsPositionAndContinues(int chunkSize)
    {
        await using var results = _pool.IMap(FailAtFour, Enumerable.Range(0, 8), chunkSize).GetAsyncEnumerator();
        var seen = new List<string>();

        while (true)
        {
            try
            {
                if (!await results.MoveNextAsync().Soon())
                    break;
                seen.Add($"{results.Current}");
            }
            catch (FormatException exception)
            {
                seen.Add(exception.Message);
            }
        }

        Assert.Equal(["0", "1", "2", "3", "no four", "5", "6", "7"], seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task IMap_InputThrows_ThrowsAfterEarlierResults(int chunkSize)
    {
        var seen = new List<int>();

        var exception = await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var result in _pool.IMap(x => x, ThrowAfter(6), chunkSize))
                seen.Add(result);
        });

        Assert.Equal("input", exception.Message);
        Assert.Equal(Enumerable.Range(0, 6), seen);
    }

    [Fact]
    public void IMap_ChunkSizeNotPositive_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("chunkSize", () => _pool.IMap(x => x, [1], chunkSize: 0));

    [Fact]
    public async Task IMap_AsyncFunction_YieldsResultsOfItsTasks() => Assert.Equal([1, 2], await Collect(_pool.IMap(Later, [1, 2])));

    [Fact]
    public async Task IMapUnordered_Items_YieldsTheSameResultsInAnyOrder() =>
        Assert.Equal(
            Enumerable.Range(0, 200), (await Collect(_pool.IMapUnordered(x => x, Enumerable.Range(0, 200), chunkSize: 3))).Order());

    [Fact]
    public async Task IMapUnordered_FirstItemIsSlow_YieldsTheOthersFirst()
    {
        using var checkpoint = new Checkpoint();
        var port = checkpoint.Port;
        await using var results = _pool.IMapUnordered(
            x => x == 0 ? Checkpoint.ReportAndWait(port) * 0 : x, Enumerable.Range(0, 20)).GetAsyncEnumerator();
        var seen = new List<int>();

        for (var i = 0; i < 19; i++)
        {
            Assert.True(await results.MoveNextAsync().Soon());
            seen.Add(results.Current);
        }

        Assert.Equal(Enumerable.Range(1, 19), seen.Order());
        using var held = await checkpoint.NextAsync();
        held.Release();
        Assert.True(await results.MoveNextAsync().Soon());
        Assert.Equal(0, results.Current);
        Assert.False(await results.MoveNextAsync().Soon());
    }

    [Fact]
    public async Task IMap_EnumerationIsDisposed_CancelsUnfinishedJobs()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        var (port, path) = (checkpoint.Port, file.Path);
        await using var own = await TestPool.StartAsync(1, new PoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) });

        var results = own.Pool.IMap(x => CountAndHoldAllButFirst(x, path, port), Enumerable.Range(0, 100), maxChunksAhead: 8);
        await foreach (var first in results)
        {
            using var holding = await checkpoint.NextAsync();
            break;
        }

        own.Pool.Close();
        var summary = await own.Pool.JoinAsync().Soon();
        Assert.Equal((1, 7, 0), (summary.Succeeded, summary.Canceled, summary.Failed + summary.Dropped));
        Assert.Equal(2, file.Lines);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public async Task IMap_SourceWaitsForEarlierResult_YieldsEachBeforeReadingTheNext(int chunkSize, bool isOrdered)
    {
        using var received = new SemaphoreSlim(1);
        IEnumerable<int> Feedback()
        {
            for (var i = 0; i < 5; i++)
            {
                received.Wait();
                yield return i;
            }
        }

        var seen = new List<int>();
        await Task.Run(async () =>
        {
            var results = isOrdered ? _pool.IMap(x => x, Feedback(), chunkSize) : _pool.IMapUnordered(x => x, Feedback(), chunkSize);
            await foreach (var result in results)
            {
                seen.Add(result);
                received.Release();
            }
        }).Soon();

        Assert.Equal(Enumerable.Range(0, 5), seen);
    }

    [Fact]
    public async Task IMap_SourceBlocks_MoveNextAndDisposeDoNotBlock()
    {
        using var more = new SemaphoreSlim(0);
        var disposed = new TaskCompletionSource();
        IEnumerable<int> Blocked()
        {
            try
            {
                yield return 7;
                more.Wait();
                yield return 8;
            }
            finally
            {
                disposed.SetResult();
            }
        }

        var results = _pool.IMap(x => x, Blocked()).GetAsyncEnumerator();
        Assert.True(await Task.Run(async () => await results.MoveNextAsync()).Soon());
        Assert.Equal(7, results.Current);
        await Task.Run(async () => await results.DisposeAsync()).Soon();
        Assert.False(disposed.Task.IsCompleted);
        more.Release();
        await disposed.Task.Soon();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task IMap_EnumerationIsDisposed_DisposesTheSource(int chunkSize)
    {
        var isDisposed = false;
        IEnumerable<int> Endless()
        {
            try
            {
                for (var i = 0; ; i++)
                    yield return i;
            }
            finally
            {
                isDisposed = true;
            }
        }

        await foreach (var _ in _pool.IMap(x => x, Endless(), chunkSize, maxChunksAhead: 4))
            break;

        Assert.True(isDisposed);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public async Task IMap_YieldedResults_AreReleased(int chunkSize, bool isOrdered)
    {
        using var checkpoint = new Checkpoint();
        var port = checkpoint.Port;
        var map = isOrdered
            ? _pool.IMap(x => MakeArray(x, port), Enumerable.Range(0, 4), chunkSize)
            : _pool.IMapUnordered(x => MakeArray(x, port), Enumerable.Range(0, 4), chunkSize);
        await using var results = map.GetAsyncEnumerator();
        var taken = await TakeAsync(results, 3);
        using var held = await checkpoint.NextAsync();
        var next = results.MoveNextAsync();

        var areGone = await Waiting.Until(
            () =>
            {
                GC.Collect();
                return taken.All(result => !result.IsAlive);
            },
            TimeSpan.FromSeconds(10));
        held.Release();
        Assert.True(await next.Soon());
        Assert.True(areGone);
    }

    [Fact]
    public async Task IMap_PoolIsClosed_Throws()
    {
        await using var own = await TestPool.StartAsync(1);
        own.Pool.Close();

        await using var results = own.Pool.IMap(x => x, Enumerable.Range(0, 10)).GetAsyncEnumerator();

        await Assert.ThrowsAsync<InvalidOperationException>(() => results.MoveNextAsync().Soon());
        Assert.False(await results.MoveNextAsync().Soon());
    }

    private static byte[] MakeArray(int x, int port)
    {
        if (x == 3)
            Checkpoint.ReportAndWait(port);
        return new byte[10_000 + x];
    }

    private static async Task<List<WeakReference>> TakeAsync(IAsyncEnumerator<byte[]> results, int count)
    {
        var taken = new List<WeakReference>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(await results.MoveNextAsync().Soon());
            taken.Add(new WeakReference(results.Current));
        }

        return taken;
    }

    private static int FailAtFour(int x) => x == 4 ? throw new FormatException("no four") : x;

    private static IEnumerable<int> ThrowAfter(int items)
    {
        for (var i = 0; i < items; i++)
            yield return i;
        throw new FormatException("input");
    }

    private static async Task<int> Later(int x)
    {
        await Task.Yield();
        return x;
    }

    private static int CountAndHoldAllButFirst(int x, string path, int port)
    {
        TempFile.Count(path);
        if (x > 0)
        {
            using var client = Checkpoint.Report(port);
            Thread.Sleep(Timeout.Infinite);
        }

        return x;
    }

    private static async Task<List<int>> Collect(IAsyncEnumerable<int> results)
    {
        var all = new List<int>();
        await using var enumerator = results.GetAsyncEnumerator();
        while (await enumerator.MoveNextAsync().Soon())
            all.Add(enumerator.Current);
        return all;
    }
}
