using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestPool</c>: the start and end of pools, and the content of errors.</summary>
public sealed partial class PoolTests
{
    /// <summary><c>test_make_pool</c>. Python refuses 0; here it is the default, one worker for each processor.</summary>
    [Fact]
    public async Task StartAsync_PoolSize_IsUsedOrRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ProcessPool.StartAsync(-1));
        await using var own = await (await TestPool.StartAsync(3)).WarmAsync();
        Assert.Equal(3, own.Pool.Workers.Count);
        await own.Pool.CompleteAsync().Soon();
    }

    /// <summary><c>test_terminate</c></summary>
    [Fact]
    public async Task TerminateAsync_ThousandsOfEndlessJobs_EndsAll()
    {
        await using var own = await TestPool.StartAsync(3);
        var map = own.Pool.MapAsync(WaitForEver, Enumerable.Range(0, 10_000), chunkSize: 1);
        var summary = await own.Pool.TerminateAsync().Soon();
        Assert.Equal(10_000, summary.Dropped);
        await map.Fails<PoolTerminatedException>();
    }

    /// <summary><c>test_empty_iterable</c></summary>
    [Fact]
    public async Task Maps_NoItems_ReturnNoResults()
    {
        Assert.Empty(_pool.Map(Square, Array.Empty<int>()));
        Assert.Empty(await _pool.MapAsync(Square, Array.Empty<int>()).Soon());
        foreach (var map in new[] { _pool.IMap(Square, Array.Empty<int>()), _pool.IMapUnordered(Square, Array.Empty<int>()) })
        {
            await using var results = map.GetAsyncEnumerator();
            Assert.False(await results.MoveNextAsync().Soon());
        }
    }

    /// <summary><c>test_context</c>, <c>test_enter</c>: the end of the block terminates the pool, which then refuses jobs.</summary>
    [Fact]
    public async Task Using_EndOfBlock_TerminatesThePool()
    {
        ProcessPool pool;
        await using (pool = await ProcessPool.StartAsync(2).Soon())
            Assert.Equal(Ten.Select(Square), await pool.MapAsync(Square, Ten).Soon());
        var exception = Assert.ThrowsAny<InvalidOperationException>(() => pool.Map(Square, Ten));
        Assert.Contains("Pool not running", exception.Message, StringComparison.Ordinal);
        await pool.JoinAsync().Soon();
    }

    /// <summary>No counterpart in CPython. The end of a block waits for the running jobs.</summary>
    [Fact]
    public async Task CompleteAsync_RunningJobs_WaitsForThem()
    {
        await using var own = await TestPool.StartAsync(1);
        var jobs = Enumerable.Range(0, 100).Select(i => own.Pool.ApplyAsync(Square, i)).ToArray();
        var summary = await own.Pool.CompleteAsync().Soon();
        Assert.All(jobs, job => Assert.True(job.IsSuccessful));
        Assert.Equal((100, 0), (summary.Succeeded, summary.Dropped));
    }

    /// <summary>
    /// <c>test_traceback</c>, <c>test_wrapped_exception</c>: the exception has its original type and the stack trace of the worker.
    /// </summary>
    [Fact]
    public async Task ApplyAsync_FunctionThrows_KeepsItsTypeAndTheWorkersStack()
    {
        var exception = await _pool.ApplyAsync(ThrowHere).Fails<InvalidOperationException>();
        Assert.Equal("123", exception.Message);
        Assert.Null(exception.InnerException);
        Assert.Contains(nameof(ThrowHere), exception.ToString(), StringComparison.Ordinal);
    }

    /// <summary><c>test_map_no_failfast</c></summary>
    [Fact]
    public async Task MapAsync_FirstItemFails_EndsAfterTheLastItem()
    {
        using var checkpoint = new Checkpoint();
        var map = _pool.MapAsync(PassOrThrow, [0, checkpoint.Port], chunkSize: 1);
        using var held = await checkpoint.NextAsync();
        Assert.False(map.IsCompleted);
        held.Release();
        await map.Fails<ArgumentException>();
    }

    /// <summary><c>test_release_task_refs</c></summary>
    [Fact]
    public async Task MapAsync_Ended_HoldsNoReferenceToItems()
    {
        var items = await MapAndForgetAsync();
        Assert.True(await Waiting.Until(
            () =>
            {
                GC.Collect();
                return items.All(item => !item.TryGetTarget(out _));
            },
            Waiting.Guard));
    }

    /// <summary><c>test_resource_warning</c>: one warning on standard error, both for garbage collection and at process exit.</summary>
    [LongTheory]
    [InlineData("collected")]
    [InlineData("at exit")]
    public async Task Pool_NeverDisposed_WarnsOnceAndEnds(string when)
    {
        using var client = ClientProgram.StartTestClient("forget", when);
        var worker = Assert.Single(await client.ReadProcessIdsAsync(1));
        await client.ExitAsync();
        Assert.Equal(0, client.ExitCode);
        Assert.Equal(2, (await client.Error.ReadToEndAsync().Soon()).Split("never disposed").Length);
        Assert.True(await Waiting.Until(() => !ProcessIds.IsRunning(worker), Waiting.Guard));
    }

    /// <summary>A separate method, so that no local variable keeps the items alive after it has returned.</summary>
    private async Task<WeakReference<Counted>[]> MapAndForgetAsync()
    {
        var items = Enumerable.Range(0, 10).Select(_ => new Counted()).ToArray();
        await _pool.MapAsync(item => item, items).Soon();
        return [.. items.Select(item => new WeakReference<Counted>(item))];
    }

    private static int PassOrThrow(int port) =>
        port == 0 ? throw new ArgumentException(new string('x', 1 << 20)) : Checkpoint.ReportAndWait(port);

    private static int WaitForEver(int x) => new TaskCompletionSource<int>().Task.Result + x;

    private static int ThrowHere() => throw new InvalidOperationException("123");

    private sealed class Counted
    {
        public int Value { get; init; }
    }
}
