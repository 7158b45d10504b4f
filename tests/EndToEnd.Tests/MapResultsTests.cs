using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Maps that return the value or the error of each item.</summary>
public sealed class MapResultsTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task MapResultsAsync_OneItemFails_ReturnsItsErrorAndTheOtherValues(int? chunkSize)
    {
        var results = await _pool.MapResultsAsync(FailAt500, Enumerable.Range(0, 1000), chunkSize).Soon();

        AssertFailedAt500(results);
    }

    [Fact]
    public async Task MapResultsAsync_AsyncFunctionAndNoItems_Work()
    {
        Assert.Equal([1, 2], (await _pool.MapResultsAsync(Later, [1, 2]).Soon()).Select(result => result.Value));
        Assert.Empty(await _pool.MapResultsAsync(Later, Array.Empty<int>()).Soon());
    }

    [Fact]
    public async Task StarMapResultsAsync_OneItemFails_ReturnsItsErrorAndTheOtherValues()
    {
        var results = await _pool.StarMapResultsAsync((x, y) => x / y, [(4, 2), (1, 0), (9, 3)]).Soon();

        Assert.Equal(2, results[0].Value);
        Assert.IsType<DivideByZeroException>(results[1].Error);
        Assert.Equal(3, results[2].Value);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(1, false)]
    [InlineData(7, false)]
    public async Task IMapResults_OneItemFails_Continues(int chunkSize, bool isOrdered)
    {
        var items = Enumerable.Range(0, 1000);
        var results = new List<ItemResult<int>>();

        await foreach (
            var result in isOrdered
                ? _pool.IMapResults(FailAt500, items, chunkSize)
                : _pool.IMapUnorderedResults(FailAt500, items, chunkSize))
            results.Add(result);

        if (isOrdered)
            Assert.Equal(Enumerable.Range(0, 1000).Select(x => (long)x), results.Select(result => result.Index));
        AssertFailedAt500([.. results.OrderBy(result => result.Index)]);
    }

    [Fact]
    public async Task IMapResults_SourceThrows_ThrowsAfterEarlierResults()
    {
        static IEnumerable<int> Broken()
        {
            yield return 1;
            yield return 2;
            throw new FormatException("source");
        }

        var results = new List<int>();
        var exception = await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var (_, value, _) in _pool.IMapResults(Same, Broken()))
                results.Add(value);
        });

        Assert.Equal("source", exception.Message);
        Assert.Equal([1, 2], results);
    }

    [Fact]
    public async Task MapResultsAsync_OneResultIsNotSerializable_ReturnsTheOtherValues()
    {
        var results = await _pool.MapResultsAsync(MakeUntraveledAtTwo, Enumerable.Range(0, 5), chunkSize: 5).Soon();

        Assert.Equal([0, 1, 3, 4], results.Where(result => result.IsSuccessful).Select(result => result.Value.Number));
        Assert.IsType<NotCarriedException>(results[2].Error);
        Assert.Equal(2, FailedCall.Of(results[2].Error!)?.Item);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task MapResultsAsync_OneItemCannotBeSent_ReturnsItsErrorAndTheOtherValues(int chunkSize)
    {
        var results = await _pool.MapResultsAsync(GetNumber, BoxesWithUnsentTwo(), chunkSize).Soon();

        AssertUnsentTwo(results);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(5, false)]
    public async Task IMapResults_OneItemCannotBeSent_ReturnsItsErrorAndTheOtherValues(int chunkSize, bool isOrdered)
    {
        var results = new List<ItemResult<int>>();

        await foreach (
            var result in isOrdered
                ? _pool.IMapResults(GetNumber, BoxesWithUnsentTwo(), chunkSize)
                : _pool.IMapUnorderedResults(GetNumber, BoxesWithUnsentTwo(), chunkSize))
            results.Add(result);

        AssertUnsentTwo([.. results.OrderBy(result => result.Index)]);
    }

    [Fact]
    public async Task StarMapResultsAsync_OneItemCannotBeSent_ReturnsItsErrorAndTheOtherValues()
    {
        var results = await _pool.StarMapResultsAsync(
            (box, factor) => box.Number * factor, BoxesWithUnsentTwo().Select(box => (box, 1))).Soon();

        Assert.Equal([0, 1, 3, 4], results.Where(result => result.IsSuccessful).Select(result => result.Value));
        Assert.Equal(2, FailedCall.Of(results[2].Error!)?.Item);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task MapAsync_OneItemCannotBeSent_NamesItemAndFunction(int chunkSize)
    {
        AssertUnsent(await Assert.ThrowsAsync<NotCarriedException>(
            () => _pool.MapAsync(GetNumber, BoxesWithUnsentTwo(), chunkSize).Soon()));
        AssertUnsent(await Assert.ThrowsAsync<NotCarriedException>(
            () => _pool.MapReduceAsync(BoxesWithUnsentTwo(), GetNumber, (x, y) => x + y, chunkSize).Soon()));
    }

    [Fact]
    public async Task MapResultsAsync_FunctionCannotBeSent_Throws()
    {
        var stream = Stream.Null;
        await Assert.ThrowsAsync<NotCarriedException>(() => _pool.MapResultsAsync(x => x + stream.Length, [1, 2]));
        await Assert.ThrowsAsync<NotCarriedException>(() => _pool.MapResultsAsync(opened => opened.Length, [stream]));
        await using var results = _pool.IMapResults(x => x + stream.Length, [1, 2]).GetAsyncEnumerator();
        await Assert.ThrowsAsync<NotCarriedException>(async () => await results.MoveNextAsync());
    }

    [Fact]
    public async Task MapResultsAsync_OneItemTimesOut_ReturnsTheOtherValues()
    {
        await using var own = await TestPool.StartAsync(2);

        var results = await own.Pool.MapResultsAsync(
            HangAtFive, Enumerable.Range(0, 20), options: new JobOptions { Timeout = TimeSpan.FromSeconds(1) }).Soon();

        Assert.Equal(
            Enumerable.Range(0, 20).Where(x => x != 5), results.Where(result => result.IsSuccessful).Select(result => result.Value));
        var error = Assert.IsType<JobTimedOutException>(results[5].Error);
        Assert.Equal(5, FailedCall.Of(error)?.Item);
        Assert.Throws<JobTimedOutException>(() => results[5].Value);
    }

    [LongFact]
    public async Task MapResultsAsync_WholeMapTimesOut_ReturnsAvailableResults()
    {
        await using var own = await TestPool.StartAsync(2, new PoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) });
        await own.WarmAsync();

        var results = await own.Pool.MapResultsAsync(
            HangAtFive, Enumerable.Range(0, 6), chunkSize: 1, new JobOptions { MapTimeout = TimeSpan.FromSeconds(3) }).Soon();

        Assert.Equal(Enumerable.Range(0, 5), results.Take(5).Select(result => result.Value));
        Assert.IsType<JobTimedOutException>(results[5].Error);
    }

    [LongFact]
    public async Task MapAsync_WholeMapTimesOut_FailsAndCancelsUnfinishedItems()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) });
        await own.WarmAsync();

        var exception = await own.Pool.MapAsync(
            HangAtFive, Enumerable.Range(0, 100), chunkSize: 1,
            new JobOptions { MapTimeout = TimeSpan.FromSeconds(2) }).Fails<JobTimedOutException>();

        Assert.Contains("5 of 100", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HangAtFive), exception.Message, StringComparison.Ordinal);
        var summary = await own.Pool.CompleteAsync().Soon();
        Assert.Equal((5, 95), (summary.Succeeded, summary.Canceled));
    }

    [Fact]
    public async Task MapTimeout_OutOfRangeOrForASingleJob_Throws()
    {
        var negative = new JobOptions { MapTimeout = TimeSpan.FromSeconds(-1) };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("MapTimeout", () => _pool.MapAsync(Same, [1], options: negative));
        var second = new JobOptions { MapTimeout = TimeSpan.FromSeconds(1) };
        Assert.Throws<ArgumentException>("options", () => { _pool.ApplyAsync(Same, 1, second); });
        Assert.Throws<ArgumentException>("options", () => { _pool.IMap(Same, [1], options: second); });
    }

    [Fact]
    public async Task MapResultsAsync_FailFast_ReturnsTheErrorAndCancelsUnfinishedItems()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) });

        var results = await own.Pool.MapResultsAsync(
            FailAtOneAndHangAtTwo, Enumerable.Range(0, 4), chunkSize: 1, new JobOptions { FailFast = true }).Soon();

        Assert.Equal(0, results[0].Value);
        Assert.IsType<FormatException>(results[1].Error);
        Assert.All(results[2..], result => Assert.IsType<JobCanceledException>(result.Error));
    }

    private static void AssertFailedAt500(IReadOnlyList<ItemResult<int>> results)
    {
        Assert.Equal(1000, results.Count);
        var failed = Assert.Single(results, result => !result.IsSuccessful);
        Assert.Equal(500, failed.Index);
        var error = Assert.IsType<FormatException>(failed.Error);
        Assert.Equal("bad", error.Message);
        Assert.Equal(500, FailedCall.Of(error)?.Item);
        Assert.All(results.Where(result => result.Index != 500), result => Assert.Equal(result.Index, result.Value));
    }

    private static void AssertUnsentTwo(IReadOnlyList<ItemResult<int>> results)
    {
        Assert.Equal(Enumerable.Range(0, 5).Select(index => (long)index), results.Select(result => result.Index));
        Assert.Equal([0, 1, 3, 4], results.Where(result => result.IsSuccessful).Select(result => result.Value));
        AssertUnsent(results[2].Error);
    }

    private static void AssertUnsent(Exception? error)
    {
        var refused = Assert.IsType<NotCarriedException>(error);
        const string function = "Actors.EndToEnd.Tests.MapResultsTests." + nameof(GetNumber);
        Assert.Equal(new FailedCall(function, 0, 2), FailedCall.Of(refused));
        Assert.StartsWith($"Item 2 of {function} was not submitted. ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(OpenBox), refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Box> BoxesWithUnsentTwo() => Enumerable.Range(0, 5).Select(MakeUntraveledAtTwo);

    private static int GetNumber(Box box) => box.Number;

    private static int Same(int x) => x;

    private static Box MakeUntraveledAtTwo(int x) => x == 2 ? new OpenBox { Number = x } : new Box { Number = x };

    private static int FailAt500(int x) => x == 500 ? throw new FormatException("bad") : x;

    private static int FailAtOneAndHangAtTwo(int x) => x == 1 ? throw new FormatException("bad") : HangAtFive(x == 2 ? 5 : x);

    private static int HangAtFive(int x)
    {
        if (x == 5)
            Thread.Sleep(Timeout.Infinite);
        return x;
    }

    private static async Task<int> Later(int x)
    {
        await Task.Yield();
        return x;
    }

    internal class Box
    {
        public int Number { get; set; }
    }

    /// <summary>Not serializable as a <see cref="Box"/>: only values of exactly the declared type are.</summary>
    internal sealed class OpenBox : Box;
}
