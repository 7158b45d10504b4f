using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Three coordinators, of which the one that has the pool is lost.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_Killed_ItsPoolGoesOnAtAnotherAndLosesNothing()
    {
        await using var durable = await DurableCluster.StartAsync();
        var jobs = durable.Submit(500);
        await durable.Programs.DoneAsync(jobs[100]);

        durable.Owner.Kill();
        var clock = Stopwatch.StartNew();
        var next = durable.Submit(1)[0];
        await durable.Programs.DoneAsync(next);

        output.WriteLine($"From kill -9 of the pool's coordinator to the first new job done: {clock.ElapsedMilliseconds} ms.");
        await durable.RequireAllDoneAsync();
    }
}
