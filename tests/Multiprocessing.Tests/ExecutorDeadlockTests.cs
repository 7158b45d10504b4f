using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>ExecutorDeadlockTest</c>: what kills or fails a worker at each step of a task's way. There the executor is broken for
/// good in most cases; here that task fails and the pool goes on. Values run no code of theirs on their way but one: the hash of a key.
/// </summary>
public sealed class ExecutorDeadlockTests
{
    /// <summary><c>test_error_at_task_pickle</c></summary>
    [Fact]
    public async Task Argument_ThatCannotTravel_IsRefused()
    {
        await using var own = await TestPool.StartAsync(1);
        Assert.Throws<NotCarriedException>(() => own.Pool.Apply(stream => stream.Length, (Stream)Stream.Null));
        await GoesOn(own);
    }

    /// <summary><c>test_error_at_task_unpickle</c></summary>
    [Fact]
    public async Task Argument_ThrowsOnArrival_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(keys => keys.Count, Elsewhere(What.Throws));
        await Assert.ThrowsAnyAsync<Exception>(() => job.Soon());
        Assert.True(job.IsCompleted);
        await GoesOn(own);
    }

    /// <summary><c>test_exit_at_task_unpickle</c>, <c>test_crash_at_task_unpickle</c></summary>
    [Theory]
    [InlineData(What.Exits, 3)]
    [InlineData(What.Crashes, -6)]
    public async Task Argument_EndsTheProcessOnArrival_FailsItsJob(What what, int exitCode)
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Error = Stream.Null });
        var exception = await own.Pool.ApplyAsync(keys => keys.Count, Elsewhere(what)).Fails<WorkerLostException>();
        Assert.All(exception.History, attempt => Assert.Equal(exitCode, attempt.ExitCode));
        await GoesOn(own);
    }

    /// <summary><c>test_error_during_func_exec_on_worker</c></summary>
    [Fact]
    public async Task Function_Throws_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(Act, What.Throws).Fails<InvalidOperationException>();
        await GoesOn(own);
    }

    /// <summary><c>test_exit_during_func_exec_on_worker</c>, <c>test_crash_during_func_exec_on_worker</c></summary>
    [Theory]
    [InlineData(What.Exits, 3)]
    [InlineData(What.Crashes, -6)]
    public async Task Function_EndsTheProcess_FailsItsJob(What what, int exitCode)
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Error = Stream.Null });
        var exception = await own.Pool.ApplyAsync(Act, what, JobOptions.AtMostOnce).Fails<WorkerLostException>();
        Assert.Equal(exitCode, Assert.Single(exception.History).ExitCode);
        await GoesOn(own);
    }

    /// <summary><c>test_error_during_result_pickle_on_worker</c></summary>
    [Fact]
    public async Task Result_CannotTravel_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(GiveOther).Fails<NotCarriedException>();
        await GoesOn(own);
    }

    /// <summary><c>test_error_during_result_unpickle_in_result_handler</c></summary>
    [Fact]
    public async Task Result_ThrowsOnArrival_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(Elsewhere, What.Throws);
        await Assert.ThrowsAnyAsync<Exception>(() => job.Soon());
        Assert.True(job.IsCompleted);
        await GoesOn(own);
    }

    /// <summary><c>test_shutdown_deadlock</c>, <c>test_shutdown_deadlock_pickle</c>: closed while a worker dies.</summary>
    [Fact]
    public async Task Pool_ClosedWhileItsJobEndsTheProcess_Ends()
    {
        await using var own = await TestPool.StartAsync(2, new PoolOptions { Error = Stream.Null });
        var jobs = Enumerable.Range(0, 4).Select(_ => own.Pool.ApplyAsync(Act, What.Crashes)).ToArray();
        Assert.Equal(4, (await own.Pool.CompleteAsync().Soon()).Lost);
        Assert.All(jobs, job => Assert.False(job.IsSuccessful));
    }

    /// <summary><c>test_crash_big_data</c>: large arguments wait behind a job that ends the process.</summary>
    [Fact]
    public async Task Function_EndsTheProcessWithLargeArgumentsBehindIt_OthersSucceed()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Error = Stream.Null });
        var crash = own.Pool.ApplyAsync(Act, What.Crashes);
        var large = Enumerable.Range(0, 10).Select(_ => own.Pool.ApplyAsync(bytes => bytes.Length, new byte[4 << 20])).ToArray();
        await crash.Fails<WorkerLostException>();
        Assert.All(await Task.WhenAll(large.Select(job => job.Task)).Soon(), length => Assert.Equal(4 << 20, length));
    }

    /// <summary><c>test_gh105829_should_not_deadlock_if_wakeup_pipe_full</c>: submissions without end from many threads, and results that nobody takes.</summary>
    [Fact]
    public async Task Pool_ManySubmissionsAtOnce_AllEnd()
    {
        await using var own = await TestPool.StartAsync(2);
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 5_000).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray()));
        await Task.WhenAll(threads).Soon();
        Assert.Equal(20_000, (await own.Pool.CompleteAsync().Soon()).Succeeded);
    }

    /// <summary>Public for the names of the cases.</summary>
    public enum What
    {
        Throws,
        Exits,
        Crashes,
    }

    private static async Task GoesOn(TestPool own)
    {
        Assert.Equal(1, await own.Pool.ApplyAsync(() => 1).Soon());
        await own.Pool.CompleteAsync().Soon();
    }

    private static Dictionary<Key, int> Elsewhere(What what) => new() { [new Key(Environment.ProcessId, what)] = 1 };

    private static int Act(What what)
    {
        switch (what)
        {
            case What.Exits: Environment.Exit(3); break;
            case What.Crashes: Environment.FailFast("as the test wants"); break;
            default: throw new InvalidOperationException("as the test wants");
        }

        return 0;
    }

    private static Plain GiveOther() => new Derived();

    private sealed class Key(int home, What what) : IEquatable<Key>
    {
        public bool Equals(Key? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode() => Environment.ProcessId == home ? 1 : Act(what);
    }

    private class Plain;

    private sealed class Derived : Plain;
}
