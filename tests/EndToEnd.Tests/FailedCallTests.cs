using System.Globalization;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Failures name the function and, for a map, the item.</summary>
public sealed class FailedCallTests
{
    private const string Function = "Actors.EndToEnd.Tests.FailedCallTests." + nameof(Act);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(null)]
    public async Task MapAsync_FunctionThrows_NamesItemAndFunctionAndKeepsTypeAndMessage(int? chunkSize)
    {
        await using var own = await TestPool.StartAsync(1);

        var exception = await own.Pool.MapAsync(Act, ["ok", "ok", "throw", "ok"], chunkSize).Fails<FormatException>();

        Assert.Equal("bad", exception.Message);
        var call = Assert.IsType<FailedCall>(FailedCall.Of(exception));
        Assert.Equal((Function, 2L), (call.Function, call.Item));
        Assert.Equal(
            (Function, call.Job, (object)2L), (
                exception.Data["Actors.Function"], exception.Data["Actors.Job"], exception.Data["Actors.Item"]));
        Assert.DoesNotContain("Actors.Executor", exception.StackTrace, StringComparison.Ordinal);
        Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture, $"Job {call.Job} ({Function}, item 2)"), exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_FunctionThrows_NamesTheFunctionAndNoItem()
    {
        await using var own = await TestPool.StartAsync(1);

        var job = own.Pool.ApplyAsync(Act, "throw");

        Assert.Equal(new FailedCall(Function, job.Id, null), FailedCall.Of(await job.Fails<FormatException>()));
    }

    [Fact]
    public async Task ApplyAsync_MapInsideTheJobThrows_NamesTheOuterJob()
    {
        await using var own = await TestPool.StartAsync(1);

        var job = own.Pool.ApplyAsync(ThrowAsThoughOfAnItem);

        Assert.Null(FailedCall.Of(await job.Fails<FormatException>())?.Item);
    }

    [Theory]
    [InlineData("exit", typeof(WorkerLostException))]
    [InlineData("hang", typeof(JobTimedOutException))]
    public async Task MapAsync_WorkerEndsInAChunk_NamesTheRunningItem(string action, Type type)
    {
        await using var own = await TestPool.StartAsync(1);
        var options = new JobOptions { Timeout = TimeSpan.FromSeconds(1), RetryOnWorkerLost = false };

        var map = own.Pool.MapAsync(Act, ["ok", "ok", "ok", action, "ok"], chunkSize: 5, options);

        var exception = await Assert.ThrowsAsync(type, () => map.Soon());
        Assert.Equal(3, FailedCall.Of(exception)?.Item);
        Assert.Contains($"({Function}, item 3)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("chunkSize: 1", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit", typeof(WorkerLostException))]
    [InlineData("hang", typeof(JobTimedOutException))]
    [InlineData("memory", typeof(MemoryLimitExceededException))]
    public async Task ApplyAsync_WorkerEnds_NamesTheFunction(string action, Type type)
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxMemoryPerWorker = 256 << 20 });
        var options = new JobOptions { Timeout = action == "hang" ? TimeSpan.FromSeconds(1) : null, RetryOnWorkerLost = false };

        var exception = await Assert.ThrowsAsync(type, () => own.Pool.ApplyAsync(Act, action, options).Soon());

        Assert.Contains(Function, exception.Message, StringComparison.Ordinal);
        Assert.Equal(Function, FailedCall.Of(exception)?.Function);
    }

    [Fact]
    public async Task ApplyAsync_CanceledOrTerminated_NamesTheFunction()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) });
        var canceled = own.Pool.ApplyAsync(Act, "hang");
        canceled.Cancel();
        Assert.Contains(Function, (await canceled.Fails<JobCanceledException>()).Message, StringComparison.Ordinal);

        var dropped = own.Pool.ApplyAsync(Act, "hang");
        await own.Pool.TerminateAsync().Soon();
        Assert.Contains(Function, (await dropped.Fails<PoolTerminatedException>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_PoolFails_NamesTheFunction()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(ThrowBad) });

        var exception = await own.Pool.ApplyAsync(Act, "ok").Fails<PoolFailedException>();

        Assert.Contains(Function, exception.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(exception.InnerException);
    }

    private static string Act(string action)
    {
        switch (action)
        {
            case "throw": ThrowBad(); break;
            case "exit": Environment.Exit(3); break;
            case "hang": Thread.Sleep(Timeout.Infinite); break;
            case "memory": return $"{new byte[1 << 30].Length}";
        }

        return action;
    }

    private static void ThrowBad() => throw new FormatException("bad");

    private static void ThrowAsThoughOfAnItem() => throw new FormatException("bad") { Data = { ["Actors.Item"] = 7L } };
}
