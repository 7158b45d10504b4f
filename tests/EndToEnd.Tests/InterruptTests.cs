using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Ctrl-C in a terminal also reaches the workers. They ignore it; their client decides when they end.</summary>
public sealed class InterruptTests
{
    [Fact]
    public async Task Interrupt_JobRuns_JobContinues()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(Checkpoint.ReportAndWait, checkpoint.Port, JobOptions.AtMostOnce);
        using var held = await checkpoint.NextAsync();

        await ProcessIds.SignalAsync(held.ProcessId, "INT");
        held.Release();

        Assert.Equal(held.ProcessId, await job.Soon());
        Assert.Equal(held.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    [Fact]
    public async Task Interrupt_InitializerRuns_InitializerContinues()
    {
        using var checkpoint = new Checkpoint();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(Hold, checkpoint.Port) });
        using var held = await checkpoint.NextAsync();

        await ProcessIds.SignalAsync(held.ProcessId, "INT");
        held.Release();

        Assert.Equal(held.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    private static void Hold(int port) => Checkpoint.ReportAndWait(port);
}
