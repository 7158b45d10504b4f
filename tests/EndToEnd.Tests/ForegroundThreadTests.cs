using System.Text;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>.NET waits at the end of a process for a foreground thread that a job has started.</summary>
public sealed class ForegroundThreadTests
{
    [Fact]
    public async Task Recycling_ForegroundThreadRemains_EndsTheWorkerWithAWarning()
    {
        await using var error = new MemoryStream();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxJobsPerWorker = 1, Error = error });

        var first = await own.Pool.ApplyAsync(LeaveThread, 60_000).Soon();
        var second = await own.Pool.ApplyAsync(() => Environment.ProcessId).Soon();

        // The worker is not killed, so that its exit handlers run and its output is complete.
        Assert.Equal(0, (await own.ExitOf(first)).ExitCode);
        Assert.NotEqual(first, second);
        await own.Pool.CompleteAsync().Soon();
        Assert.Contains("foreground thread", Encoding.UTF8.GetString(error.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recycling_ForegroundThreadEndsSoon_PrintsNoWarning()
    {
        await using var error = new MemoryStream();
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxJobsPerWorker = 1, Error = error });

        var first = await own.Pool.ApplyAsync(LeaveThread, 50).Soon();

        Assert.Equal(0, (await own.ExitOf(first)).ExitCode);
        await own.Pool.CompleteAsync().Soon();
        Assert.Equal("", Encoding.UTF8.GetString(error.ToArray()));
    }

    private static int LeaveThread(int milliseconds)
    {
        new Thread(() => Thread.Sleep(milliseconds)).Start();
        return Environment.ProcessId;
    }
}
