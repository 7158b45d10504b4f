using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Workers combine the results of a map.</summary>
public sealed class MapReduceTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task MapReduceAsync_NonCommutativeReduce_CombinesInItemOrder(int? chunkSize) =>
        Assert.Equal(
            string.Concat(Enumerable.Range(0, 300)), await _pool.MapReduceAsync(
                Enumerable.Range(0, 300), x => $"{x}", (left, right) => left + right, chunkSize).Soon());

    [Fact]
    public void MapReduce_MethodGroups_ReturnsTheResult() => Assert.Equal(328350, _pool.MapReduce(Enumerable.Range(0, 100), Square, Add));

    [Fact]
    public async Task MapReduceAsync_AsyncMap_ReturnsTheResult() =>
        Assert.Equal(14, await _pool.MapReduceAsync([1, 2, 3], SquareLater, Add).Soon());

    [Theory]
    [InlineData(20, 5, 4)]
    [InlineData(100, null, 8)]
    public async Task MapReduceAsync_ItemsOfAChunk_AreCombinedByTheirWorker(int items, int? chunkSize, int chunks)
    {
        var (here, inWorkers) = (
            Environment.ProcessId, await _pool.MapReduceAsync(
                Enumerable.Range(0, items), _ => new List<int>(), NoteProcess, chunkSize).Soon());

        Assert.Equal(chunks - 1, inWorkers.Count(process => process == here));
        Assert.Equal(items - chunks, inWorkers.Count(process => process != here));
    }

    [Fact]
    public async Task MapReduceAsync_OneItem_IsNotCombined() => Assert.Equal(9, await _pool.MapReduceAsync([3], Square, Refuse).Soon());

    [Fact]
    public async Task MapReduceAsync_NoItems_ReturnsTheSeedOrThrowsWithoutOne()
    {
        Assert.Contains(
            "seed", (
                await _pool.MapReduceAsync(Array.Empty<int>(), Square, Add).Fails<InvalidOperationException>()).Message,
                StringComparison.Ordinal);
        Assert.Equal(7, await _pool.MapReduceAsync(Array.Empty<int>(), 7, Square, Add).Soon());
        Assert.Equal(7, _pool.MapReduce(Array.Empty<int>(), 7, Square, Add));
    }

    [Fact]
    public async Task MapReduceAsync_Seed_IsCombinedOnceAndFirst() =>
        Assert.Equal(
            "s0123", await _pool.MapReduceAsync(
                Enumerable.Range(0, 4), "s", x => $"{x}", (left, right) => left + right, chunkSize: 1).Soon());

    [Fact]
    public async Task MapReduceAsync_MapFails_ThrowsTheFirstByPositionAndNamesTheItem()
    {
        var map = _pool.MapReduceAsync(Enumerable.Range(0, 20), Positive, Add, chunkSize: 5);

        var exception = await map.Fails<FormatException>();

        Assert.Equal(("item 7", 7L), (exception.Message, FailedCall.Of(exception)?.Item));
        Assert.Equal(["item 7", "item 17"], map.Exception!.InnerExceptions.Select(error => error.Message));
        Assert.Contains(nameof(Positive), exception.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    public async Task MapReduceAsync_ReduceFails_ThrowsItsException(int chunkSize) =>
        Assert.Equal(
            "9 + 16", (await _pool.MapReduceAsync(Enumerable.Range(3, 5), Square, Refuse, chunkSize).Fails<FormatException>()).Message);

    [Fact]
    public async Task MapReduceAsync_FailFast_EndsBeforeTheOtherChunks()
    {
        using var failing = new Checkpoint();
        using var other = new Checkpoint();
        var map = _pool.MapReduceAsync(
            [-failing.Port, other.Port],
            x => x < 0 ? FailAtCheckpoint(-x) : WaitAtCheckpoint(x),
            Add, chunkSize: 1, new JobOptions { FailFast = true });

        // Both run: a chunk that has not started when the first one fails never starts.
        using var held = await other.NextAsync();
        using (var first = await failing.NextAsync())
            first.Release();
        await map.Fails<FormatException>();
        held.Release();
        Assert.True(await Waiting.Until(() => _pool.PendingJobs == 0, Waiting.Guard));
    }

    [Fact]
    public async Task MapReduceAsync_MapTimeout_FailsWithIt()
    {
        await using var own = await TestPool.StartAsync(1);
        var options = new JobOptions { MapTimeout = TimeSpan.FromMilliseconds(200) };

        await own.Pool.MapReduceAsync([1, 2], Hang, Add, options: options).Fails<JobTimedOutException>();
    }

    [Fact]
    public async Task MapReduceAsync_CallbackAndProgress_ReceiveCombinedResultAndItemCount()
    {
        var (result, items) = (new TaskCompletionSource<int>(), new Counted(4));
        var options = new JobOptions { Progress = items }.WithCallback<int>(result.SetResult);

        Assert.Equal(30, await _pool.MapReduceAsync([1, 2, 3, 4], Square, Add, chunkSize: 2, options).Soon());

        Assert.Equal(30, await result.Task.Soon());
        await items.Seen.Soon();
    }

    [Fact]
    public async Task MapReduceAsync_WorkerIsLost_RetriesItsChunk()
    {
        await using var own = await TestPool.StartAsync(2);
        using var folder = new TempFolder();
        var path = folder.Path;

        Assert.Equal(45, await own.Pool.MapReduceAsync(Enumerable.Range(0, 10), x => ExitOnce(x, path), Add, chunkSize: 5).Soon());
    }

    [Fact]
    public async Task MapReduceAsync_WorkerIsLostAndNoRetry_NamesTheRunningItem()
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await own.Pool.MapReduceAsync(
            Enumerable.Range(0, 5), ExitAtThree, Add, chunkSize: 5, JobOptions.AtMostOnce).Fails<WorkerLostException>();

        Assert.Equal(3, FailedCall.Of(exception)?.Item);
    }

    [Fact]
    public async Task MapReduceAsync_InvalidArguments_AreRefused()
    {
        Assert.Equal(
            "items", (await Assert.ThrowsAsync<ArgumentNullException>(() => _pool.MapReduceAsync((int[])null!, Square, Add))).ParamName);
        Assert.Equal(
            "map", (
                await Assert.ThrowsAsync<ArgumentNullException>(() => _pool.MapReduceAsync([1], (Func<int, int>)null!, Add))).ParamName);
        Assert.Equal("reduce", (await Assert.ThrowsAsync<ArgumentNullException>(() => _pool.MapReduceAsync([1], Square, null!))).ParamName);
        Assert.Equal("items", (await Assert.ThrowsAsync<ArgumentNullException>(() => _pool.MapAsync(Square, (int[])null!))).ParamName);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _pool.MapReduceAsync([1], Square, Add, chunkSize: 0));
        await Assert.ThrowsAsync<NotCarriedException>(() => _pool.MapReduceAsync([1], x => (object)x, (left, right) => left));
        await Assert.ThrowsAsync<NotCarriedException>(() => _pool.MapReduceAsync([1], Square, Math.Max));
    }

    private static int Square(int x) => x * x;

    private static async Task<int> SquareLater(int x)
    {
        await Task.Yield();
        return x * x;
    }

    private static int Add(int left, int right) => left + right;

    private static int Refuse(int left, int right) => throw new FormatException($"{left} + {right}");

    private static int Positive(int x) => x is 7 or 17 ? throw new FormatException($"item {x}") : x;

    private static List<int> NoteProcess(List<int> left, List<int> right) => [.. left, .. right, Environment.ProcessId];

    private static int FailAtCheckpoint(int port)
    {
        Checkpoint.ReportAndWait(port);
        throw new FormatException("first");
    }

    private static int WaitAtCheckpoint(int port)
    {
        Checkpoint.ReportAndWait(port);
        return 0;
    }

    private static int Hang(int x)
    {
        Thread.Sleep(Timeout.Infinite);
        return x;
    }

    private static int ExitOnce(int x, string folder)
    {
        var path = Path.Combine(folder, "exited");
        if (x == 7 && !File.Exists(path))
        {
            File.WriteAllText(path, "");
            Environment.Exit(3);
        }

        return x;
    }

    private static int ExitAtThree(int x)
    {
        if (x == 3)
            Environment.Exit(3);
        return x;
    }

    private sealed class Counted(int wanted) : IProgress<int>
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public void Report(int value)
        {
            if (value == wanted)
                _seen.TrySetResult();
        }
    }
}
