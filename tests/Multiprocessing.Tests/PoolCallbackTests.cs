using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Callback cases that hang Python's pool, and map options without a counterpart in Python.</summary>
public sealed class PoolCallbackTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    /// <summary>In Python the exception ends the result thread: this <c>get()</c> and all later ones hang.</summary>
    [Fact]
    public async Task ApplyAsync_CallbackThrows_AffectsNoOtherJob()
    {
        var later = new TaskCompletionSource<int>();
        await _pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(_ => throw new InvalidOperationException("mine"))).Soon();
        await _pool.ApplyAsync(() => 2, new JobOptions().WithCallback<int>(later.SetResult)).Soon();
        Assert.Equal(2, await later.Task.Soon());
    }

    /// <summary>In Python the callback blocks the result thread and thereby all results.</summary>
    [Fact]
    public async Task ApplyAsync_CallbackBlocks_ResultsStillArrive()
    {
        using var held = new ManualResetEventSlim();
        var ended = new TaskCompletionSource();
        var blocking = new JobOptions().WithCallback<int>(_ =>
        {
            held.Wait();
            ended.SetResult();
        });
        await _pool.ApplyAsync(() => 1, blocking).Soon();
        Assert.Equal(2, await _pool.ApplyAsync(() => 2).Soon());
        held.Set();
        await ended.Task.Soon();
    }

    [Fact]
    public async Task ApplyAsync_ActionWithCallback_CallsIt()
    {
        var called = new TaskCompletionSource();
        await _pool.ApplyAsync(() => GC.Collect(0), new JobOptions().WithCallback(called.SetResult)).Soon();
        await called.Task.Soon();
    }

    [Fact]
    public void ApplyAsync_CallbackOfAnotherType_IsRefusedAtTheCall()
    {
        var exception = Assert.Throws<ArgumentException>(
            () => { _pool.ApplyAsync(() => 1, new JobOptions().WithCallback<string>(_ => { })); });
        Assert.Contains("System.String", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { _pool.ApplyAsync(() => 1, new JobOptions().WithCallback(() => { })); });
    }

    [Fact]
    public async Task MapAsync_ManyItemsFail_AwaitThrowsTheFirstAndTheTaskHoldsAll()
    {
        var map = _pool.MapAsync(ThrowIfOdd, Enumerable.Range(0, 10), chunkSize: 3);
        Assert.Equal("1", (await map.Fails<ArgumentException>()).Message);
        Assert.Equal(["1", "3", "5", "7", "9"], map.Exception!.InnerExceptions.Select(exception => exception.Message));
    }

    [Fact]
    public async Task MapAsync_FailFast_ThrowsTheFirstErrorAndCancelsUnfinishedItems()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        var (port, path) = (checkpoint.Port, file.Path);
        await using var own = await TestPool.StartAsync(1, new PoolOptions { CancellationGrace = TimeSpan.Zero });
        var map = own.Pool.MapAsync(
            x => ThrowCountOrPass(x, path, port), Enumerable.Range(0, 50), chunkSize: 1, new JobOptions { FailFast = true });

        await map.Fails<ArgumentException>();

        var summary = await own.Pool.CompleteAsync().Soon();
        Assert.Equal((1, 49), (summary.Failed, summary.Canceled));
        Assert.InRange(file.Lines, 0, 1);
    }

    [Fact]
    public async Task MapAsync_WithProgress_ReportsTheEnd()
    {
        await using var own = await TestPool.StartAsync(2);
        var seen = new Seen();
        await own.Pool.MapAsync(x => x, Enumerable.Range(0, 10), chunkSize: 4, new JobOptions { Progress = seen }).Soon();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(10, seen.Values[^1]);
        Assert.Equal(seen.Values.Order(), seen.Values);
    }

    [Fact]
    public async Task CompleteAsync_JobsEndInManyWays_CountsEachOnceAndKeepsTheFirstFailures()
    {
        await using var own = await TestPool.StartAsync(1);
        var bad = own.Pool.ApplyAsync(ThrowIfOdd, 7);
        _ = own.Pool.ApplyAsync(() => Environment.Exit(5), JobOptions.AtMostOnce);
        _ = own.Pool.ApplyAsync(WaitForEver, new JobOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        _ = own.Pool.MapAsync(ThrowIfOdd, Enumerable.Range(0, 20), chunkSize: 1);
        var canceled = own.Pool.ApplyAsync(WaitForEver);
        canceled.Cancel();

        var summary = await own.Pool.CompleteAsync().Soon();

        Assert.Equal(
            (10, 11, 1, 1, 1, 0),
            (summary.Succeeded, summary.Failed, summary.Canceled, summary.TimedOut, summary.Lost, summary.Dropped));
        Assert.Equal(PoolSummary.MostFailures, summary.FirstFailures.Count);
        Assert.Equal((bad.Id, "7"), (summary.FirstFailures[0].Job, summary.FirstFailures[0].Exception.Message));
        Assert.IsType<WorkerLostException>(summary.FirstFailures[1].Exception);
    }

    private static int WaitForEver() => new TaskCompletionSource<int>().Task.Result;

    private static int ThrowIfOdd(int x) => x % 2 == 0 ? x : throw new ArgumentException($"{x}");

    private static int ThrowCountOrPass(int x, string path, int port)
    {
        if (x == 0)
            throw new ArgumentException("first");
        TempFile.Count(path);
        return Checkpoint.ReportAndWait(port);
    }

    private sealed class Seen : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
