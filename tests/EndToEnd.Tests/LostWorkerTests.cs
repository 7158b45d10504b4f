using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class LostWorkerTests
{
    [Fact]
    public async Task ApplyAsync_FunctionExits_ThrowsWithTheExitCode()
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await own.Pool.ApplyAsync(() => Environment.Exit(3), JobOptions.AtMostOnce).Fails<WorkerLostException>();

        Assert.Contains("exit code 3", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, exception.Attempts);
        Assert.Equal(3, (await own.WhenAsync(worker => worker.HasExited)).ExitCode);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
    }

    [Fact]
    public async Task ApplyAsync_FunctionFailsFast_ThrowsWithItsLastOutput()
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await own.Pool.ApplyAsync(() => Environment.FailFast("boom"), JobOptions.AtMostOnce).Fails<WorkerLostException>();

        Assert.Contains("boom", exception.Message, StringComparison.Ordinal);
        Assert.Contains("signal 6", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(LostWorkerTests), exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Actors.Executor", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
    }

    [Fact]
    public async Task ApplyAsync_StackOverflows_ThrowsAndThePoolContinues()
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await own.Pool.ApplyAsync(Overflow, 1, JobOptions.AtMostOnce).Fails<WorkerLostException>();

        Assert.Contains("Stack overflow", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Overflow), exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
    }

    [Fact]
    public async Task ApplyAsync_ThreadOfTheFunctionThrows_ThrowsWithItsLastOutput()
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await own.Pool.ApplyAsync(ThrowOnThread, JobOptions.AtMostOnce).Fails<WorkerLostException>();

        Assert.Contains("on a thread", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_BusyWorkerIsKilled_RetriesTheJobInAnotherWorker()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(HoldTheFirstTime, file.Path, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        ProcessIds.Kill(held.ProcessId);

        Assert.NotEqual(held.ProcessId, await job.Soon());
        Assert.Equal(2, job.Attempts);
        Assert.Equal(2, file.Lines);
        Assert.Equal(-9, (await own.ExitOf(held.ProcessId)).ExitCode);
    }

    [Fact]
    public async Task ApplyAsync_AtMostOnceAndWorkerIsKilled_ThrowsWithoutRetry()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(HoldTheFirstTime, file.Path, checkpoint.Port, JobOptions.AtMostOnce);
        using var held = await checkpoint.NextAsync();

        ProcessIds.Kill(held.ProcessId);

        var exception = await job.Fails<WorkerLostException>();
        Assert.Equal(1, exception.Attempts);
        Assert.Contains("signal 9", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
        Assert.Equal(1, file.Lines);
    }

    [Fact]
    public async Task Kill_BusyWorker_RetriesTheJob()
    {
        using var checkpoint = new Checkpoint();
        using var file = new TempFile();
        await using var own = await (await TestPool.StartAsync(1)).WarmAsync();
        var job = own.Pool.ApplyAsync(HoldTheFirstTime, file.Path, checkpoint.Port);
        using var held = await checkpoint.NextAsync();

        own.Pool.Kill(own.Pool.Workers.Single());

        Assert.NotEqual(held.ProcessId, await job.Soon());
    }

    [Fact]
    public async Task ApplyAsync_PoisonJob_FailsAndTheOthersSucceed()
    {
        await using var own = await TestPool.StartAsync(2);
        var before = Enumerable.Range(0, 100).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();
        var poison = own.Pool.ApplyAsync(() => Environment.Exit(9), new JobOptions { MaxAttempts = 2 });
        var after = Enumerable.Range(100, 100).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();

        Assert.Equal(2, (await poison.Fails<WorkerLostException>()).Attempts);

        Assert.Equal(Enumerable.Range(0, 200), await Task.WhenAll(before.Concat(after).Select(job => job.Task)).Soon());
        Assert.Equal(2, poison.Attempts);
    }

    [Fact]
    public async Task ApplyAsync_PoisonJobAndMaxAttemptsOfThePool_StartsThatOften()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxAttempts = 3 });

        var exception = await own.Pool.ApplyAsync(CountAndExit, file.Path).Fails<WorkerLostException>();

        Assert.Equal(3, exception.Attempts);
        Assert.Equal(3, file.Lines);
    }

    [Fact]
    public async Task MapAsync_OneChunkIsPoison_FailsAfterTheOtherChunks()
    {
        await using var own = await TestPool.StartAsync(2, new PoolOptions { MaxAttempts = 1 });

        await own.Pool.MapAsync(ExitAtFour, Enumerable.Range(0, 10), 1).Fails<WorkerLostException>();
    }

    [Fact]
    public async Task ApplyAsync_IdleWorkerWasKilled_LaterJobsSucceed()
    {
        await using var own = await (await TestPool.StartAsync(2)).WarmAsync();
        var victim = own.Pool.Workers[0];

        ProcessIds.Kill(victim.ProcessId);
        var jobs = Enumerable.Range(0, 50).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray();

        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(jobs.Select(job => job.Task)).Soon());
        await own.ExitOf(victim.ProcessId);
    }

    [Fact]
    public async Task MapAsync_WorkersAreKilledRepeatedly_ReturnsEveryResult()
    {
        await using var own = await (await TestPool.StartAsync(2, new PoolOptions { MaxAttempts = 100 })).WarmAsync();
        var map = own.Pool.MapAsync(x => x * 2, Enumerable.Range(0, 20_000), 2);
        var restarted = 0;
        var enough = new TaskCompletionSource();
        own.Pool.WorkerChanged += worker =>
        {
            if (worker.HasExited)
                return;
            if (Interlocked.Increment(ref restarted) < 5)
                own.Pool.Kill(worker);
            else
                enough.TrySetResult();
        };
        own.Pool.Kill(own.Pool.Workers[0]);

        Assert.Equal(Enumerable.Range(0, 20_000).Select(x => x * 2), await map.Soon());
        await enough.Task.Soon();
    }

    private static int Overflow(int n) => n > 0 ? Overflow(n + 1) + Overflow(n + 2) : 0;

    private static void ThrowOnThread()
    {
        new Thread(() => throw new FormatException("on a thread")).Start();
        Thread.Sleep(Timeout.Infinite);
    }

    private static int HoldTheFirstTime(string path, int port) =>
        TempFile.Count(path) == 1 ? Checkpoint.ReportAndWait(port) : Environment.ProcessId;

    private static void CountAndExit(string path)
    {
        TempFile.Count(path);
        Environment.Exit(1);
    }

    private static int ExitAtFour(int x)
    {
        if (x == 4)
            Environment.Exit(4);
        return x;
    }
}
