using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>Each test kills or fails a worker in a way that was measured with Python's Pool. No case hangs here.</summary>
public sealed class PoolDeathTests
{
    /// <summary>A busy worker is killed. In Python <c>get()</c> of its task and <c>close(); join()</c> hang.</summary>
    [Fact]
    public async Task Pool_BusyWorkerIsKilled_RetriesItsJob()
    {
        using var checkpoint = new Checkpoint();
        var port = checkpoint.Port;
        await using var own = await TestPool.StartAsync(2);
        var jobs = Enumerable.Range(0, 4).Select(_ => own.Pool.ApplyAsync(Checkpoint.ReportAndWait, port)).ToArray();
        using var first = await checkpoint.NextAsync();
        ProcessIds.Kill(first.ProcessId);
        for (var i = 0; i < 4; i++)
        {
            using var held = await checkpoint.NextAsync();
            held.Release();
        }

        Assert.DoesNotContain(first.ProcessId, await Task.WhenAll(jobs.Select(job => job.Task)).Soon());
        Assert.Equal(4, (await own.Pool.CompleteAsync().Soon()).Succeeded);
    }

    /// <summary>The same with a job that must not be retried: it fails and its exception names the signal.</summary>
    [Fact]
    public async Task Pool_BusyWorkerIsKilledAndNoRetry_FailsOnlyItsJob()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port, new JobOptions { RetryOnWorkerLost = false });
        using var held = await checkpoint.NextAsync();
        ProcessIds.Kill(held.ProcessId);
        var lost = Assert.Single((await job.Fails<WorkerLostException>()).History);
        Assert.Equal((held.ProcessId, -9), (lost.ProcessId, lost.ExitCode));
        Assert.NotEqual("", lost.Node);
        Assert.Equal(1, (await own.Pool.CompleteAsync().Soon()).Lost);
    }

    /// <summary>
    /// An idle worker is killed. In Python, if it held the lock of the queue, all later tasks and <c>terminate()</c> hang.
    /// </summary>
    [Fact]
    public async Task Pool_IdleWorkersAreKilled_LaterJobsEnd()
    {
        await using var own = await (await TestPool.StartAsync(2)).WarmAsync();
        foreach (var worker in own.Pool.Workers.ToArray())
            ProcessIds.Kill(worker.ProcessId);
        Assert.Equal(Enumerable.Range(0, 4), await own.Pool.MapAsync(x => x, Enumerable.Range(0, 4), 1).Soon());
        await own.Pool.CompleteAsync().Soon();
    }

    /// <summary>
    /// A task calls <c>sys.exit</c>. In Python <c>get()</c> hangs. Here the job fails and its exception lists each attempt.
    /// </summary>
    [Fact]
    public async Task ApplyAsync_FunctionExits_FailsWithTheHistoryOfItsAttempts()
    {
        await using var own = await TestPool.StartAsync(1);
        var poison = own.Pool.ApplyAsync(() => Environment.Exit(5), new JobOptions { MaxAttempts = 3 });
        var next = own.Pool.ApplyAsync(() => 1);

        var exception = await poison.Fails<WorkerLostException>();

        Assert.Equal(3, exception.Attempts);
        Assert.Equal([5, 5, 5], exception.History.Select(attempt => attempt.ExitCode));
        Assert.Equal(3, exception.History.Select(attempt => attempt.ProcessId).Distinct().Count());
        Assert.Subset(own.ProcessIds.ToHashSet(), exception.History.Select(attempt => attempt.ProcessId).ToHashSet());
        Assert.Contains(
            $"Attempt 3: the worker with process id {exception.History[2].ProcessId}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await next.Soon());
    }

    /// <summary>An exception cannot be recreated. In Python the result thread dies, and this and all later tasks hang.</summary>
    [Fact]
    public async Task ApplyAsync_ExceptionCannotBeRecreated_FailsOnlyThatJob()
    {
        await using var own = await TestPool.StartAsync(1);
        Assert.Equal("1 and 2", (await own.Pool.ApplyAsync(ThrowOdd).Fails<OddException>()).Message);
        var exception = await own.Pool.ApplyAsync(ThrowWithStream).Fails<RemoteException>();
        Assert.Contains(nameof(StreamException), exception.RemoteTypeName, StringComparison.Ordinal);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
    }

    /// <summary>The option of the job overrides the pool, which does not retry jobs.</summary>
    [Fact]
    public async Task RetryOnWorkerLost_PoolWithoutRetries_RetriesTheJob()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxAttempts = 1 });
        Assert.Equal(2, await own.Pool.ApplyAsync(ExitTheFirstTime, file.Path, new JobOptions { RetryOnWorkerLost = true }).Soon());
        await own.Pool.ApplyAsync(() => Environment.Exit(1)).Fails<WorkerLostException>();
    }

    [Fact]
    public async Task RetryOnWorkerLost_ContradictsMaxAttempts_IsRefused()
    {
        await using var own = await TestPool.StartAsync(1);
        Assert.Throws<ArgumentException>(
            () => { own.Pool.ApplyAsync(() => 1, new JobOptions { RetryOnWorkerLost = true, MaxAttempts = 1 }); });
        Assert.Throws<ArgumentException>(
            () => { own.Pool.ApplyAsync(() => 1, new JobOptions { RetryOnWorkerLost = false, MaxAttempts = 2 }); });
    }

    private static int ExitTheFirstTime(string path)
    {
        var count = TempFile.Count(path);
        if (count == 1)
            Environment.Exit(1);
        return count;
    }

    private static int ThrowOdd() => throw new OddException(1, 2);

    private static int ThrowWithStream() => throw new StreamException(Stream.Null);

    private sealed class OddException(int left, int right) : Exception($"{left} and {right}");

    private sealed class StreamException(Stream stream) : Exception("with a stream")
    {
        public Stream Stream { get; } = stream;
    }
}
