using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>What happens when things die: a measured row of Python's Pool each. Nothing here ever hangs.</summary>
public sealed class PoolDeathTests
{
    /// <summary>Busy worker killed. Python: the other three finish, the lost task's <c>get()</c> never returns, <c>close(); join()</c> hangs for ever.</summary>
    [Fact]
    public async Task Pool_BusyExecutorIsKilled_RunsItsJobAgainAndEnds()
    {
        using var gate = new Gate();
        var port = gate.Port;
        await using var own = await TestPool.StartAsync(2);
        var jobs = Enumerable.Range(0, 4).Select(_ => own.Pool.ApplyAsync(Gate.Pass, port)).ToArray();
        using var first = await gate.NextAsync();
        ProcessIds.Kill(first.ProcessId);
        for (var i = 0; i < 4; i++)
        {
            using var visitor = await gate.NextAsync();
            visitor.Release();
        }

        Assert.DoesNotContain(first.ProcessId, await Task.WhenAll(jobs.Select(job => job.Task)).Soon());
        Assert.Equal(4, (await own.Pool.CompleteAsync().Soon()).Succeeded);
    }

    /// <summary>The same where the job says that it must not be run again: it fails, with the signal.</summary>
    [Fact]
    public async Task Pool_BusyExecutorIsKilledAndNoRetry_FailsThatJobOnly()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(Gate.Pass, gate.Port, new JobOptions { RetryOnWorkerLost = false });
        using var visitor = await gate.NextAsync();
        ProcessIds.Kill(visitor.ProcessId);
        var lost = Assert.Single((await job.Fails<WorkerLostException>()).History);
        Assert.Equal((visitor.ProcessId, -9), (lost.ProcessId, lost.ExitCode));
        Assert.NotEqual("", lost.Node);
        Assert.Equal(1, (await own.Pool.CompleteAsync().Soon()).Lost);
    }

    /// <summary>Idle worker killed. Python: when it was the one that held the queue's lock, no later task ends and <c>terminate()</c> hangs too.</summary>
    [Fact]
    public async Task Pool_EveryIdleExecutorIsKilled_LaterJobsEnd()
    {
        await using var own = await (await TestPool.StartAsync(2)).WarmAsync();
        foreach (var executor in own.Pool.Workers.ToArray())
            ProcessIds.Kill(executor.ProcessId);
        Assert.Equal(Enumerable.Range(0, 4), await own.Pool.MapAsync(x => x, Enumerable.Range(0, 4), 1).Soon());
        await own.Pool.CompleteAsync().Soon();
    }

    /// <summary>Task calls <c>sys.exit</c>. Python: that <c>get()</c> hangs. Here it is given up after its attempts, and each is told of.</summary>
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
        Assert.Contains($"Attempt 3: the worker with process id {exception.History[2].ProcessId}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await next.Soon());
    }

    /// <summary>Exception that cannot be made again. Python: the result thread dies; this and every later task hang.</summary>
    [Fact]
    public async Task ApplyAsync_ExceptionThatCannotBeMadeAgain_FailsThatJobOnly()
    {
        await using var own = await TestPool.StartAsync(1);
        var exception = await own.Pool.ApplyAsync(ThrowOdd).Fails<RemoteException>();
        Assert.Contains(nameof(OddException), exception.RemoteTypeName, StringComparison.Ordinal);
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
    }

    /// <summary>A pool in which no job is started twice, and a job that may be.</summary>
    [Fact]
    public async Task RetryOnWorkerLost_InAPoolThatDoesNot_StartsTheJobAgain()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxAttempts = 1 });
        Assert.Equal(2, await own.Pool.ApplyAsync(ExitTheFirstTime, file.Path, new JobOptions { RetryOnWorkerLost = true }).Soon());
        await own.Pool.ApplyAsync(() => Environment.Exit(1)).Fails<WorkerLostException>();
    }

    [Fact]
    public async Task RetryOnWorkerLost_AgainstMaxAttempts_IsRefused()
    {
        await using var own = await TestPool.StartAsync(1);
        Assert.Throws<ArgumentException>(() => { own.Pool.ApplyAsync(() => 1, new JobOptions { RetryOnWorkerLost = true, MaxAttempts = 1 }); });
        Assert.Throws<ArgumentException>(() => { own.Pool.ApplyAsync(() => 1, new JobOptions { RetryOnWorkerLost = false, MaxAttempts = 2 }); });
    }

    private static int ExitTheFirstTime(string path)
    {
        var count = TempFile.Count(path);
        if (count == 1)
            Environment.Exit(1);
        return count;
    }

    private static int ThrowOdd() => throw new OddException(1, 2);

    private sealed class OddException(int left, int right) : Exception($"{left} and {right}");
}
