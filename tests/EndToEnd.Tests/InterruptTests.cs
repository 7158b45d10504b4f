using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Ctrl-C in a terminal reaches the executors too: what becomes of them is decided by the process that started them.</summary>
public sealed class InterruptTests
{
    [Fact]
    public async Task Interrupt_WhileAJobRuns_ItGoesOn()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1);
        var job = own.Pool.ApplyAsync(Gate.Pass, gate.Port, JobOptions.AtMostOnce);
        using var visitor = await gate.NextAsync();

        await ProcessIds.SignalAsync(visitor.ProcessId, "INT");
        visitor.Release();

        Assert.Equal(visitor.ProcessId, await job.Soon());
        Assert.Equal(visitor.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    [Fact]
    public async Task Interrupt_WhileTheInitializerRuns_ItGoesOn()
    {
        using var gate = new Gate();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Initializer = PoolInitializer.Of(Hold, gate.Port) });
        using var visitor = await gate.NextAsync();

        await ProcessIds.SignalAsync(visitor.ProcessId, "INT");
        visitor.Release();

        Assert.Equal(visitor.ProcessId, await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon());
    }

    private static void Hold(int port) => Gate.Pass(port);
}
