using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Job failures that the program never observes.</summary>
[Collection(RunsAlone.Name)]
public sealed class UnseenFailureTests
{
    [Fact]
    public async Task CompleteAsync_UnobservedJobFailure_PrintsAWarning()
    {
        await using var own = await TestPool.StartAsync(1);
        var handle = own.Pool.ApplyAsync(Throw);

        var said = await StandardError.OfAsync(() => own.Pool.CompleteAsync());

        Assert.Contains(
            $"Job 1 ({typeof(UnseenFailureTests).FullName}.{nameof(Throw)}) failed and the failure was never observed", said,
            StringComparison.Ordinal);
        Assert.Contains("FormatException: why", said, StringComparison.Ordinal);
        GC.KeepAlive(handle);
    }

    [Fact]
    public async Task CompleteAsync_ManyUnobservedJobFailures_PrintsTheFirstTenAndCountsTheOthers()
    {
        await using var own = await TestPool.StartAsync(1);
        // Otherwise a failure may be reported before, when its handle is collected.
        var handles = Enumerable.Range(0, 12).Select(_ => own.Pool.ApplyAsync(Throw)).ToList();

        var said = await StandardError.OfAsync(() => own.Pool.CompleteAsync());

        Assert.Equal(10, said.Split($"{nameof(Throw)}) failed and the failure was never observed").Length - 1);
        Assert.Contains("2 more jobs failed and the failure was never observed", said, StringComparison.Ordinal);
        GC.KeepAlive(handles);
    }

    [Fact]
    public async Task DisposeAsync_UnobservedJobFailure_PrintsAWarning()
    {
        await using var own = await TestPool.StartAsync(1);
        var handle = own.Pool.ApplyAsync(Throw);
        await own.Pool.ApplyAsync(() => 1).Soon();

        Assert.Contains(
            "FormatException: why", await StandardError.OfAsync(() => own.Pool.DisposeAsync().AsTask()), StringComparison.Ordinal);
        GC.KeepAlive(handle);
    }

    [Fact]
    public async Task CompleteAsync_UnobservedMapFailure_PrintsAWarning()
    {
        await using var own = await TestPool.StartAsync(1);
        _ = own.Pool.MapAsync(ThrowOnOdd, Enumerable.Range(0, 5), chunkSize: 1);

        var said = await StandardError.OfAsync(() => own.Pool.CompleteAsync());

        Assert.Contains("A map failed and the failure was never observed", said, StringComparison.Ordinal);
        Assert.Contains("FormatException: odd 1", said, StringComparison.Ordinal);
        Assert.Contains(nameof(ThrowOnOdd), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteAsync_ObservedMapFailure_PrintsNoWarning()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.MapAsync(ThrowOnOdd, Enumerable.Range(0, 5)).Fails<FormatException>();
        Assert.Throws<FormatException>(() => own.Pool.Map(ThrowOnOdd, Enumerable.Range(0, 5)));
        var map = own.Pool.MapAsync(ThrowOnOdd, Enumerable.Range(0, 5));
        await Task.WhenAny(map).Soon();
        Assert.NotNull(map.Exception);
        _ = own.Pool.MapAsync(ThrowOnOdd, Enumerable.Range(0, 5), options: new JobOptions { ErrorCallback = _ => { } });
        _ = own.Pool.MapResultsAsync(ThrowOnOdd, Enumerable.Range(0, 5));

        Assert.DoesNotContain("failed", await StandardError.OfAsync(() => own.Pool.CompleteAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteAsync_ObservedFailure_PrintsNoWarning()
    {
        await using var own = await TestPool.StartAsync(1);
        await own.Pool.ApplyAsync(Throw).Fails<FormatException>();
        own.Pool.ApplyAsync(Throw).Wait(Waiting.Guard);
        Assert.Throws<FormatException>(() => own.Pool.ApplyAsync(Throw).Get(Waiting.Guard));
        Assert.Throws<FormatException>(() => own.Pool.Apply(Throw));
        _ = own.Pool.ApplyAsync(Throw, new JobOptions { ErrorCallback = _ => { } });

        Assert.DoesNotContain("failed", await StandardError.OfAsync(() => own.Pool.CompleteAsync()), StringComparison.Ordinal);
    }

    private static int ThrowOnOdd(int x) => x % 2 == 0 ? x : throw new FormatException($"odd {x}");

    private static int Throw() => throw new FormatException("why");
}
