using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestPoolWorkerErrors</c>.</summary>
public sealed class PoolWorkerErrorTests
{
    /// <summary><c>test_async_error_callback</c></summary>
    [Fact]
    public async Task ApplyAsync_FunctionThrows_CallsTheErrorCallbackOnly()
    {
        await using var own = await TestPool.StartAsync(2);
        var errors = new List<Exception>();
        var options = new JobOptions { ErrorCallback = errors.Add }.WithCallback<int>(_ => errors.Clear());
        var thrown = await own.Pool.ApplyAsync(ThrowKey, options).Fails<KeyNotFoundException>();
        await own.Pool.CompleteAsync().Soon();
        Assert.Same(thrown, Assert.Single(errors));
    }

    /// <summary><c>test_unpickleable_result</c>: no process is lost to results that cannot travel.</summary>
    [Fact]
    public async Task ApplyAsync_ResultThatCannotTravel_FailsTheJobAndKeepsTheProcess()
    {
        await using var own = await (await TestPool.StartAsync(2)).WarmAsync();
        var errors = new List<Exception>();
        for (var i = 0; i < 20; i++)
            await own.Pool.ApplyAsync(GiveOther, new JobOptions { ErrorCallback = errors.Add }).Fails<NotCarriedException>();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(20, errors.Count);
        Assert.Equal(2, own.ProcessIds.Count);
    }

    /// <summary>Ours: Python keeps one inner exception of a group too, but has no task that waits for several.</summary>
    [Fact]
    public async Task ApplyAsync_FunctionThrowsSeveral_GivesAll()
    {
        await using var own = await TestPool.StartAsync(1);
        var exception = await own.Pool.ApplyAsync(ThrowSeveral).Fails<AggregateException>();
        Assert.Equal(["one", "two"], exception.InnerExceptions.Select(inner => inner.Message));
        Assert.IsType<TimeoutException>(exception.InnerExceptions[1]);
    }

    private static int ThrowKey() => throw new KeyNotFoundException("key");

    private static Plain GiveOther() => new Derived();

    private static int ThrowSeveral() => throw new AggregateException(new InvalidOperationException("one"), new TimeoutException("two"));

    private class Plain;

    private sealed class Derived : Plain;
}
