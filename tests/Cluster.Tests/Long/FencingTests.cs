using System.Diagnostics;
using System.Text.RegularExpressions;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>A coordinator that was removed and does not know it.</summary>
public sealed class FencingTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    [LongFact(Timeout = 2 * Guard.Milliseconds)]
    public async Task Coordinator_PausedForAMinute_CanWriteNothingAfterwards()
    {
        await using var durable = await DurableCluster.StartAsync();
        // The jobs end while it is paused, and their outcomes wait for it.
        var words = Directory.CreateTempSubdirectory("fencing-");
        var jobs = Enumerable.Range(0, durable.Nodes.Length)
            .Select(index => durable.Pool.ApplyAsync(Functions.AwaitWord, words.FullName, index)).ToList();
        await Guard.UntilAsync(() => words.GetFiles("began-*").Length == jobs.Count);
        var owner = durable.Owner;

        await owner.PauseBetweenWritesAsync();
        var woken = Task.Delay(Pause);
        await File.WriteAllTextAsync(Path.Combine(words.FullName, "go"), "");
        await durable.Programs.UntilAsync(() => durable.Coordinators.Any(other => other != owner && DurableCluster.HasThePool(other)));
        for (var index = 0; index < jobs.Count; index++)
            Assert.Equal(index, await durable.Programs.DoneAsync(jobs[index]));
        await woken;
        owner.Resume();
        var awake = Stopwatch.StartNew();

        Assert.Equal(1, await owner.ExitAsync());
        var refused = Regex.Matches(owner.Output, "([0-9]+) completions were refused").Sum(match => int.Parse(match.Groups[1].ValueSpan));
        output.WriteLine(
            $"The coordinator that was paused could not write {refused} completions, and ended after {awake.Elapsed.TotalSeconds:0.0} s.");
        Assert.True(refused > 0, owner.Output);
        words.Delete(recursive: true);
    }
}
