using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Three coordinators, of which the one that has the pool is lost.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    /// <summary>On a machine that does nothing else; the tests allow for one that does.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_Killed_ItsPoolGoesOnAtAnotherAndLosesNothing()
    {
        await using var durable = await DurableCluster.StartAsync();
        var jobs = durable.Submit(500);
        await jobs[100].Task.WaitAsync(Guard.Longest);

        durable.Owner.Kill();
        var clock = Stopwatch.StartNew();
        var next = durable.Submit(1)[0];
        await next.Task.WaitAsync(Promised * 4);

        output.WriteLine($"From kill -9 of the pool's coordinator to the first new job done: {clock.ElapsedMilliseconds} ms.");
        await durable.RequireAllDoneAsync();
    }
}
