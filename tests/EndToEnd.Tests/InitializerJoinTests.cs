using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>A closed pool ends only after the initializer has run in each of its workers.</summary>
public sealed class InitializerJoinTests
{
    [Fact]
    public async Task CompleteAsync_NoJobs_WaitsForInitializerInEveryWorker()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(3, CountIn(file));

        var summary = await own.Pool.CompleteAsync().Soon();

        Assert.Equal(3, file.Lines);
        Assert.Equal(0, summary.Failed);
    }

    [Fact]
    public async Task CompleteAsync_OneJobForThreeWorkers_WaitsForInitializerInEveryWorker()
    {
        using var file = new TempFile();
        await using var own = await TestPool.StartAsync(3, CountIn(file));

        _ = own.Pool.ApplyAsync(() => 1);
        await own.Pool.CompleteAsync().Soon();

        Assert.Equal(3, file.Lines);
    }

    [Fact]
    public async Task CompleteAsync_NoJobsAndInitializerThrows_ThrowsThePoolsFailure()
    {
        await using var own = await TestPool.StartAsync(2, new PoolOptions { Initializer = PoolInitializer.Of(Throw) });

        var failure = await own.Pool.CompleteAsync().Fails<PoolFailedException>();

        Assert.Equal("no database", Assert.IsType<FormatException>(failure.InnerException).Message);
    }

    [Fact]
    public async Task JoinAsync_PoolFailedBeforeClose_ThrowsThePoolsFailure()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(Throw) });
        await own.Pool.ApplyAsync(() => 1).Fails<PoolFailedException>();

        own.Pool.Close();

        await own.Pool.JoinAsync().Fails<PoolFailedException>();
    }

    [Fact]
    public async Task CompleteAsync_InitializerEndsTheProcess_ThrowsThePoolsFailure()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(() => Environment.Exit(7)) });

        await own.Pool.CompleteAsync().Fails<PoolFailedException>();
    }

    [Fact]
    public async Task TerminateAsync_InitializerRuns_DoesNotWaitForIt()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(
            1, new PoolOptions { Initializer = PoolInitializer.Of(port => { Checkpoint.ReportAndWait(port); }, checkpoint.Port) });
        using var held = await checkpoint.NextAsync();
        own.Pool.Close();

        await own.Pool.TerminateAsync().Soon();

        Assert.False(ProcessIds.IsRunning(held.ProcessId));
    }

    private static PoolOptions CountIn(TempFile file) =>
        new() { Initializer = PoolInitializer.Of(path => { TempFile.Count(path); }, file.Path) };

    private static void Throw() => throw new FormatException("no database");
}
