using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Three coordinators, of which the owner of the pool is lost.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    /// <summary>Three times the duration on an idle machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_Killed_PoolMovesAndLosesNothing()
    {
        await using var durable = await DurableCluster.StartAsync();
        var jobs = durable.Submit(500);
        await durable.Programs.DoneAsync(jobs[100]);

        durable.Owner.Kill();
        var clock = Stopwatch.StartNew();
        var next = durable.Submit(1)[0];
        await durable.Programs.DoneAsync(next);
        var pause = clock.Elapsed;

        output.WriteLine($"From kill -9 of the pool's coordinator to the first new job done: {pause.TotalMilliseconds:0} ms.");
        Assert.InRange(pause, TimeSpan.Zero, Longest);
        await durable.RequireAllDoneAsync();
    }
}
