using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>_TestPoolWorkerLifetime</c>, <c>TestPoolNotLeakOnFailure</c> and <c>TestInitializers.test_pool_initializer</c>.
/// </summary>
public sealed class PoolWorkerLifetimeTests
{
    /// <summary><c>test_pool_worker_lifetime</c></summary>
    [LongFact]
    public async Task MaxJobsPerWorker_ManyJobs_ReplacesEveryProcess()
    {
        await using var own = await (await TestPool.StartAsync(3, new PoolOptions { MaxJobsPerWorker = 10 })).WarmAsync();
        var first = own.Pool.Workers.Select(worker => worker.ProcessId).ToArray();
        var jobs = Enumerable.Range(0, 100).Select(i => own.Pool.ApplyAsync(Square, i)).ToArray();
        Assert.Equal(Enumerable.Range(0, 100).Select(Square), await Task.WhenAll(jobs.Select(job => job.Task)).Soon());
        Assert.Contains(own.ProcessIds, id => !first.Contains(id));
    }

    /// <summary><c>test_pool_worker_lifetime_early_close</c></summary>
    [Fact]
    public async Task Close_ProcessesAreBeingReplaced_LosesNoJob()
    {
        await using var own = await TestPool.StartAsync(3, new PoolOptions { MaxJobsPerWorker = 1 });
        var jobs = Enumerable.Range(0, 6).Select(i => own.Pool.ApplyAsync(Square, i)).ToArray();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(Enumerable.Range(0, 6).Select(Square), jobs.Select(job => job.Get()));
    }

    /// <summary><c>test_pool_maxtasksperchild_invalid</c></summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public Task MaxJobsPerWorker_NotPositive_IsRefused(int jobs) => Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => ProcessPool.StartAsync(3, options: new PoolOptions { MaxJobsPerWorker = jobs }));

    /// <summary><c>test_worker_finalization_via_atexit_handler_of_multiprocessing</c></summary>
    [Fact]
    public async Task Close_WorkerHasAnExitHandler_RunsIt()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(CountAtExit, file.Path).Soon();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(1, file.Lines);
    }

    /// <summary><c>test_release_unused_processes</c>: a failed start leaves no process.</summary>
    [Fact]
    public async Task StartAsync_StartFails_LeavesNoProcess()
    {
        await using var own = await TestPool.StartAsync(3, new PoolOptions { Initializer = PoolInitializer.Of(ThrowFormat) });
        await own.Pool.ApplyAsync(Square, 1).Fails<PoolFailedException>();
        Assert.DoesNotContain(own.ProcessIds, ProcessIds.IsRunning);
    }

    /// <summary>
    /// <c>test_pool_initializer</c>. If an initializer throws, Python starts processes in an endless loop (170 per second) and <c>get()</c>
    /// hangs.
    /// </summary>
    [Fact]
    public async Task Initializer_Pool_RunsBeforeTheFirstJobOrFailsThePool()
    {
        await using var good = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(SetMark, 7) });
        Assert.Equal(7, await good.Pool.ApplyAsync(() => _mark).Soon());
        await using var bad = await TestPool.StartAsync(2, new PoolOptions { Initializer = PoolInitializer.Of(ThrowFormat) });
        Assert.IsType<FormatException>((await bad.Pool.ApplyAsync(() => 1).Fails<PoolFailedException>()).InnerException);
    }

    /// <summary>
    /// No counterpart in CPython. A process that uses too much memory is replaced between jobs; no job is lost or run twice.
    /// </summary>
    [LongFact]
    public async Task RecycleAboveMemory_WorkerHasGrown_IsReplacedBetweenJobs()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { RecycleAboveMemory = 200L << 20 });
        var (port, path) = (checkpoint.Port, file.Path);
        var growing = own.Pool.ApplyAsync(() => GrowAndPass(400, port), JobOptions.AtMostOnce);
        using var held = await checkpoint.NextAsync();
        var later = Enumerable.Range(0, 20).Select(_ => own.Pool.ApplyAsync(() => TempFile.Count(path))).ToArray();
        held.Release();
        var grown = await growing.Soon();

        Assert.Equal(0, (await own.ExitOf(grown)).ExitCode);
        await Task.WhenAll(later.Select(job => job.Task)).Soon();
        Assert.Equal(20, file.Lines);
        Assert.NotEqual(grown, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    /// <summary>No counterpart in CPython. With a limit below the start-up footprint, each process still runs a job.</summary>
    [Fact]
    public async Task RecycleAboveMemory_LimitBelowStartFootprint_StillRunsJobs()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { RecycleAboveMemory = 64L << 20 });
        Assert.Equal(Enumerable.Range(0, 50).Select(Square), await own.Pool.MapAsync(Square, Enumerable.Range(0, 50), 1).Soon());
    }

    /// <summary>No counterpart in CPython.</summary>
    [Fact]
    public async Task RecycleAfter_WorkerIsOld_IsReplacedAfterItsJob()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { RecycleAfter = TimeSpan.FromSeconds(1) });
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port, JobOptions.AtMostOnce);
        using var held = await checkpoint.NextAsync();
        var again = await own.WhenAsync(worker => !worker.HasExited && worker.ProcessId == held.ProcessId);
        held.Release();
        Assert.Equal(again.ProcessId, await job.Soon());
        Assert.Equal(0, (await own.ExitOf(again.ProcessId)).ExitCode);
        await own.WhenAsync(worker => !worker.HasExited && worker.ProcessId != held.ProcessId);
    }

    [Fact]
    public async Task RecycleAboveMemory_NotBelowTheHardLimit_IsRefused() => Assert.Equal(
        nameof(PoolOptions.RecycleAboveMemory),
        (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ProcessPool.StartAsync(
            1, options: new PoolOptions { RecycleAboveMemory = 128L << 20, MaxMemoryPerWorker = 128L << 20 }))).ParamName);

    private static int _mark;

    private static byte[]? _kept;

    private static int Square(int x) => x * x;

    private static void SetMark(int mark) => _mark = mark;

    private static void ThrowFormat() => throw new FormatException("initializer");

    private static void CountAtExit(string path) => AppDomain.CurrentDomain.ProcessExit += (_, _) => TempFile.Count(path);

    private static int GrowAndPass(int megabytes, int port)
    {
        _kept = GC.AllocateUninitializedArray<byte>(megabytes << 20);
        Array.Fill(_kept, (byte)1);
        return Checkpoint.ReportAndWait(port);
    }
}
