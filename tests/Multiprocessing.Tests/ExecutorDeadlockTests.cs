using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>
/// CPython's <c>ExecutorDeadlockTest</c>: failures and crashes at each step of a task. In Python most of them break the executor
/// permanently; here the job fails and the pool continues. Serialization runs no user code except the hash function of dictionary keys.
/// </summary>
public sealed class ExecutorDeadlockTests
{
    /// <summary><c>test_error_at_task_pickle</c></summary>
    [Fact]
    public async Task Argument_NotSerializable_IsRefused()
    {
        await using var own = await TestPool.StartAsync(1);
        Assert.Throws<NotCarriedException>(() => own.Pool.Apply(stream => stream.Length, (Stream)Stream.Null));
        await GoesOn(own);
    }

    /// <summary><c>test_error_at_task_unpickle</c></summary>
    [Fact]
    public async Task Argument_DeserializationThrows_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(keys => keys.Count, FailOnArrival(Failure.Throws));
        await Assert.ThrowsAnyAsync<Exception>(() => job.Soon());
        Assert.True(job.IsCompleted);
        await GoesOn(own);
    }

    /// <summary><c>test_exit_at_task_unpickle</c>, <c>test_crash_at_task_unpickle</c></summary>
    [Theory]
    [InlineData(Failure.Exits, 3)]
    [InlineData(Failure.Crashes, -6)]
    public async Task Argument_DeserializationEndsTheProcess_FailsItsJob(Failure failure, int exitCode)
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Error = Stream.Null });
        var exception = await own.Pool.ApplyAsync(keys => keys.Count, FailOnArrival(failure)).Fails<WorkerLostException>();
        Assert.All(exception.History, attempt => Assert.Equal(exitCode, attempt.ExitCode));
        await GoesOn(own);
    }

    /// <summary><c>test_error_during_func_exec_on_worker</c></summary>
    [Fact]
    public async Task Function_Throws_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(Fail, Failure.Throws).Fails<InvalidOperationException>();
        await GoesOn(own);
    }

    /// <summary><c>test_exit_during_func_exec_on_worker</c>, <c>test_crash_during_func_exec_on_worker</c></summary>
    [Theory]
    [InlineData(Failure.Exits, 3)]
    [InlineData(Failure.Crashes, -6)]
    public async Task Function_EndsTheProcess_FailsItsJob(Failure failure, int exitCode)
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Error = Stream.Null });
        var exception = await own.Pool.ApplyAsync(Fail, failure, JobOptions.AtMostOnce).Fails<WorkerLostException>();
        Assert.Equal(exitCode, Assert.Single(exception.History).ExitCode);
        await GoesOn(own);
    }

    /// <summary><c>test_error_during_result_pickle_on_worker</c></summary>
    [Fact]
    public async Task Result_NotSerializable_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(GiveOther).Fails<NotCarriedException>();
        await GoesOn(own);
    }

    /// <summary><c>test_error_during_result_unpickle_in_result_handler</c></summary>
    [Fact]
    public async Task Result_DeserializationThrows_FailsItsJob()
    {
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(FailOnArrival, Failure.Throws);
        await Assert.ThrowsAnyAsync<Exception>(() => job.Soon());
        Assert.True(job.IsCompleted);
        await GoesOn(own);
    }

    /// <summary><c>test_shutdown_deadlock</c>, <c>test_shutdown_deadlock_pickle</c>: the pool is closed while a worker dies.</summary>
    [Fact]
    public async Task Pool_ClosedWhileAJobEndsTheProcess_Ends()
    {
        await using var own = await TestPool.StartAsync(2, new PoolOptions { Error = Stream.Null });
        var jobs = Enumerable.Range(0, 4).Select(_ => own.Pool.ApplyAsync(Fail, Failure.Crashes)).ToArray();
        Assert.Equal(4, (await own.Pool.CompleteAsync().Soon()).Lost);
        Assert.All(jobs, job => Assert.False(job.IsSuccessful));
    }

    /// <summary><c>test_crash_big_data</c>: jobs with large arguments wait after a job that ends the process.</summary>
    [Fact]
    public async Task Function_EndsTheProcessBeforeJobsWithLargeArguments_OthersSucceed()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Error = Stream.Null });
        var crash = own.Pool.ApplyAsync(Fail, Failure.Crashes);
        var large = Enumerable.Range(0, 10).Select(_ => own.Pool.ApplyAsync(bytes => bytes.Length, new byte[4 << 20])).ToArray();
        await crash.Fails<WorkerLostException>();
        Assert.All(await Task.WhenAll(large.Select(job => job.Task)).Soon(), length => Assert.Equal(4 << 20, length));
    }

    /// <summary>
    /// <c>test_gh105829_should_not_deadlock_if_wakeup_pipe_full</c>: many threads submit jobs and do not read the results.
    /// </summary>
    [Fact]
    public async Task Pool_ManySubmissionsAtOnce_AllEnd()
    {
        await using var own = await TestPool.StartAsync(2);
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 5_000).Select(i => own.Pool.ApplyAsync(x => x, i)).ToArray()));
        await Task.WhenAll(threads).Soon();
        Assert.Equal(20_000, (await own.Pool.CompleteAsync().Soon()).Succeeded);
    }

    /// <summary>The effect of a value or function. Public, because test cases take it as an argument.</summary>
    public enum Failure
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

    private static Dictionary<Key, int> FailOnArrival(Failure failure) => new() { [new Key(Environment.ProcessId, failure)] = 1 };

    private static int Fail(Failure failure)
    {
        switch (failure)
        {
            case Failure.Exits: Environment.Exit(3); break;
            case Failure.Crashes: Environment.FailFast("expected in this test"); break;
            default: throw new InvalidOperationException("expected in this test");
        }

        return 0;
    }

    private static Plain GiveOther() => new Derived();

    private sealed class Key(int origin, Failure failure) : IEquatable<Key>
    {
        public bool Equals(Key? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode() => Environment.ProcessId == origin ? 1 : Fail(failure);
    }

    private class Plain;

    private sealed class Derived : Plain;
}
