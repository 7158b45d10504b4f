using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Calls to a pool from inside its callbacks and event handlers.</summary>
public sealed class CallbackTests
{
    [LongFact]
    public async Task JoinAsync_CallbackBlocksOnIt_Throws()
    {
        await using var own = await TestPool.StartAsync(1);
        var thrown = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);

        await own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(_ =>
        {
            own.Pool.Close();
            thrown.SetResult(Record.Exception(() => own.Pool.JoinAsync().GetAwaiter().GetResult()));
        })).Soon();

        Assert.Contains("callback", Assert.IsType<InvalidOperationException>(await thrown.Task.Soon()).Message, StringComparison.Ordinal);
        await own.Pool.JoinAsync().Soon();
    }

    [LongTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_CallbackWaitsForItsThread_Throws(bool isThread)
    {
        await using var own = await TestPool.StartAsync(1);
        var thrown = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);

        await own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(_ =>
        {
            void Join() => thrown.SetResult(Record.Exception(() => own.Pool.Complete()));
            if (isThread)
                WaitForThread(Join);
            else
                Task.Run(Join).Wait();
        })).Soon();

        Assert.Contains("callback", Assert.IsType<InvalidOperationException>(await thrown.Task.Soon()).Message, StringComparison.Ordinal);
        await own.Pool.JoinAsync().Soon();
    }

    [Fact]
    public async Task Complete_CallbackDoesNotWaitForItsThread_Returns()
    {
        await using var own = await TestPool.StartAsync(1);
        var joined = new TaskCompletionSource<Task<PoolSummary>>(TaskCreationOptions.RunContinuationsAsynchronously);

        await own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(_ =>
        {
            joined.SetResult(Task.Run(() => own.Pool.Complete()));
            Thread.Sleep(500);
        })).Soon();

        Assert.Equal(1, (await (await joined.Task.Soon()).Soon()).Succeeded);
    }

    [LongFact]
    public async Task CompleteAsync_ErrorCallbackBlocksOnIt_Throws()
    {
        await using var own = await TestPool.StartAsync(1);
        var thrown = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);

        await own.Pool.ApplyAsync(Throw, new JobOptions
        {
            ErrorCallback = _ => thrown.SetResult(Record.Exception(() => own.Pool.CompleteAsync().GetAwaiter().GetResult())),
        }).Fails<FormatException>();

        Assert.IsType<InvalidOperationException>(await thrown.Task.Soon());
        await own.Pool.JoinAsync().Soon();
    }

    [Fact]
    public async Task CompleteAsync_CallbackAwaitsIt_Returns()
    {
        await using var own = await TestPool.StartAsync(1);
        var called = new TaskCompletionSource();

        var summary = CompleteAfterAsync(own.Pool, called.Task);
        // The continuation runs inside the callback.
        _ = own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(_ => called.SetResult()));

        Assert.Equal(1, (await summary.Soon()).Succeeded);
    }

    [Fact]
    public async Task JoinAsync_InsideACallbackOfAnotherPool_IsAllowed()
    {
        await using var own = await TestPool.StartAsync(1);
        await using var other = await TestPool.StartAsync(1);
        var joined = new TaskCompletionSource<bool>();

        await own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(
            _ => joined.SetResult(other.Pool.CompleteAsync().Wait(Waiting.Guard)))).Soon();

        Assert.True(await joined.Task.Soon());
    }

    [Fact]
    public async Task TerminateAsync_InsideACallback_Returns()
    {
        await using var own = await TestPool.StartAsync(1);
        var ended = new TaskCompletionSource<bool>();

        await own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(
            _ => ended.SetResult(own.Pool.TerminateAsync().Wait(Waiting.Guard)))).Soon();

        Assert.True(await ended.Task.Soon());
    }

    [Fact]
    public async Task Get_InsideACallback_Returns()
    {
        await using var own = await TestPool.StartAsync(1);
        var got = new TaskCompletionSource<int>();

        await own.Pool.ApplyAsync(() => 1, new JobOptions().WithCallback<int>(
            _ => got.SetResult(own.Pool.ApplyAsync(() => 2).Get(Waiting.Guard)))).Soon();

        Assert.Equal(2, await got.Task.Soon());
    }

    [Fact]
    public async Task Apply_InsideWorkerChanged_Returns()
    {
        await using var own = await TestPool.StartAsync(1);
        var got = new TaskCompletionSource<int>();
        own.Pool.WorkerChanged += worker =>
        {
            if (!worker.HasExited)
                got.TrySetResult(own.Pool.ApplyAsync(() => 3).Get(TimeSpan.FromSeconds(10)));
        };

        // After the kill a replacement becomes ready, which raises WorkerChanged.
        own.Pool.Kill((await own.WhenAsync(worker => !worker.HasExited)));

        Assert.Equal(3, await got.Task.Soon());
    }

    [Fact]
    public async Task WorkerChanged_HandlerThrows_PoolKeepsRunning()
    {
        await using var own = await TestPool.StartAsync(1);
        own.Pool.WorkerChanged += _ => throw new FormatException("expected in this test's output");
        own.Pool.Kill((await own.WhenAsync(worker => !worker.HasExited)));

        Assert.Equal(4, await own.Pool.ApplyAsync(() => 4).Soon());
        await own.Pool.CompleteAsync().Soon();
    }

    private static async Task<PoolSummary> CompleteAfterAsync(ProcessPool pool, Task called)
    {
        await called.ConfigureAwait(false);
        return await pool.CompleteAsync().ConfigureAwait(false);
    }

    private static void WaitForThread(Action run)
    {
        var thread = new Thread(() => run());
        thread.Start();
        thread.Join();
    }

    private static int Throw() => throw new FormatException();
}
