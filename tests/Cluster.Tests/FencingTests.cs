using System.Text.RegularExpressions;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>A coordinator that was given up and does not know it.</summary>
public sealed class FencingTests(ITestOutputHelper output)
{
    private const string Here = "durable pool 'pool': is here";

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_PausedAndWoken_CanWriteNothingMore()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: new PoolOptions { DurableName = "pool" });
        // They end while it is paused, and what is said of their ends waits for it. Nothing is written in the moment of the pause: a program that is stopped in
        // the middle of a write keeps the file to itself.
        var jobs = Enumerable.Range(0, 4).Select(index => pool.ApplyAsync(Functions.Work, index, 2_000)).ToList();
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
