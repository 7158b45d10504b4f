using System.Diagnostics;
using System.Text.RegularExpressions;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Three coordinators, of which each is lost in turn.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const string Here = "durable pool 'pool': is here";

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
            await next.Task.WaitAsync(Guard.Longest);
            output.WriteLine($"From kill -9 of coordinator {i + 1} to the first new job done: {clock.ElapsedMilliseconds} ms.");
            Assert.True(clock.Elapsed < Promised, $"{clock.Elapsed}");
            coordinators[i] = cluster.LaunchCoordinator(i);
            await coordinators[i].SaysAsync("coordinator is a member");
        }

        for (var index = 0; index < jobs.Count; index++)
            Assert.Equal(index, (await jobs[index].Task.WaitAsync(Guard.Longest)).Index);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_PausedAndWoken_CanWriteNothingMore()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: new PoolOptions { DurableName = "pool" });
        // They end while it is paused, and what is said of their ends waits for it. Nothing is written in the moment of the pause: a program that is stopped in
        // the middle of a write keeps the file to itself.
        var jobs = Enumerable.Range(0, 10).Select(index => pool.ApplyAsync(Functions.Work, index, 2_000)).ToList();
        await Task.WhenAll(jobs[0].Task, jobs[1].Task).WaitAsync(Guard.Longest);
        await Task.Delay(1_000);
        var owner = coordinators.Single(coordinator => coordinator.Output.Contains(Here, StringComparison.Ordinal));

        owner.Pause();
        await Guard.UntilAsync(() => coordinators.Any(other => other != owner && other.Output.Contains(Here, StringComparison.Ordinal)));
        for (var index = 0; index < jobs.Count; index++)
            Assert.Equal(index, (await jobs[index].Task.WaitAsync(Guard.Longest)).Index);
        owner.Resume();

        Assert.Equal(1, await owner.ExitAsync());
        var refused = Regex.Matches(owner.Output, "([0-9]+) completions were refused").Sum(match => int.Parse(match.Groups[1].ValueSpan));
        output.WriteLine($"The coordinator that was paused and woke could not write {refused} completions.");
        Assert.True(refused > 0, owner.Output);
    }
}
