using Actors.EndToEnd.Tests.Support;

namespace Actors.Multiprocessing.Tests;

/// <summary>CPython's <c>_TestPoolWorkerErrors</c>.</summary>
public sealed class PoolWorkerErrorTests
{
    /// <summary><c>test_async_error_callback</c></summary>
    [Fact]
    public async Task ApplyAsync_FunctionThrows_CallsOnlyTheErrorCallback()
    {
        await using var own = await TestPool.StartAsync(2);
        var errors = new List<Exception>();
        var options = new JobOptions { ErrorCallback = errors.Add }.WithCallback<int>(_ => errors.Clear());
        var thrown = await own.Pool.ApplyAsync(ThrowKey, options).Fails<KeyNotFoundException>();
        await own.Pool.CompleteAsync().Soon();
        Assert.Same(thrown, Assert.Single(errors));
    }

    /// <summary><c>test_unpickleable_result</c>: a result that cannot be serialized does not end its worker.</summary>
    [Fact]
    public async Task ApplyAsync_ResultIsNotSerializable_FailsTheJobAndKeepsTheProcess()
    {
        await using var own = await (await TestPool.StartAsync(2)).WarmAsync();
        var errors = new List<Exception>();
        for (var i = 0; i < 20; i++)
            await own.Pool.ApplyAsync(GiveOther, new JobOptions { ErrorCallback = errors.Add }).Fails<NotCarriedException>();
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal(20, errors.Count);
        Assert.Equal(2, own.ProcessIds.Count);
    }

    /// <summary>No counterpart in CPython, which has no task with several exceptions.</summary>
    [Fact]
    public async Task ApplyAsync_FunctionThrowsSeveralExceptions_ReturnsAll()
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
