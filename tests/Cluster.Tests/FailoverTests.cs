using System.Diagnostics;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Three coordinators, of which each is lost in turn.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    /// <summary>On a machine that does nothing else; the tests allow for one that does.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task EachCoordinator_KilledInTurn_ThePoolGoesOnAndLosesNothing()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: new PoolOptions { DurableName = "pool" });
        var jobs = new List<JobHandle<Run>> { pool.ApplyAsync(Functions.Work, 0, 1) };
        await jobs[0].Task.WaitAsync(Guard.Longest);

        for (var i = 0; i < coordinators.Count; i++)
        {
            jobs.AddRange(Enumerable.Range(jobs.Count, 500).Select(index => pool.ApplyAsync(Functions.Work, index, 1)));
            await jobs[^400].Task.WaitAsync(Guard.Longest);
            coordinators[i].Kill();
            var clock = Stopwatch.StartNew();
            var next = pool.ApplyAsync(Functions.Work, jobs.Count, 1);
            jobs.Add(next);
            await next.Task.WaitAsync(Promised * 4);
            output.WriteLine($"From kill -9 of coordinator {i + 1} to the first new job done: {clock.ElapsedMilliseconds} ms.");
            coordinators[i] = cluster.LaunchCoordinator(i);
            await coordinators[i].SaysAsync("coordinator is a member");
        }

        for (var index = 0; index < jobs.Count; index++)
            Assert.Equal(index, (await jobs[index].Task.WaitAsync(Guard.Longest)).Index);
    }
}
