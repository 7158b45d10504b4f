using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>The wall clock of all programs jumps. Nothing expires early or late.</summary>
[Collection(FaultGroup.Name)]
public sealed class ClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(3), TimeSpan.Zero];

    [FaultFact(Primitive.Clock)]
    public async Task Clock_JumpsInBothDirections_EachJobEndsOnceAndNoProgramRestarts()
    {
        using var clock = new SkewedClock();
        await using var cluster = await StartAsync(clock);
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        foreach (var jump in Jumps)
        {
            clock.Jump(jump);
            await load.NextAsync();
            var shift = await pool.ApplyAsync(ReadClock) - DateTime.UtcNow;
            Assert.InRange(shift, jump - TimeSpan.FromMinutes(1), jump + TimeSpan.FromMinutes(1));
        }

        output.WriteLine(await load.FinishAsync());
        Assert.All(cluster.Programs, program => Assert.Equal(1, program.Starts));
    }

    /// <summary>A timeout, a waiting call and an item in transit measure time with another clock.</summary>
    [FaultFact(Primitive.Clock)]
    public async Task Clock_JumpsWhileCallsWait_NoneTimesOut()
    {
        using var clock = new SkewedClock();
        await using var cluster = await StartAsync(clock);
        await using var pool = await cluster.OpenDurablePoolAsync();
        await using var manager = await Manager.StartAsync(cluster.Address);
        var durable = await manager.OpenQueueAsync<int>("queue");
        var queue = await manager.CreateQueueAsync<int>();
        var go = Path.Combine(cluster.Records, "go");
        var job = pool.ApplyAsync(WaitForFile, go, new JobOptions { Timeout = TimeSpan.FromMinutes(20) });
        var gets = new[] { durable.GetAsync(TimeSpan.FromMinutes(20)), queue.GetAsync(TimeSpan.FromMinutes(20)) };
        await Guard.UntilAsync(() => File.Exists(go + ".begun"), Guard.LongestFailover);

        foreach (var jump in Jumps)
        {
            clock.Jump(jump);
            // Longer than the silence after which a caller is considered dead.
            await Task.Delay(TimeSpan.FromSeconds(8));
            Assert.All(gets, get => Assert.False(get.IsCompleted));
            Assert.False(job.IsCompleted);
        }

        await durable.PutAsync(1);
        await queue.PutAsync(2);
        await File.WriteAllTextAsync(go, "");

        var items = await Task.WhenAll(gets).WaitAsync(Guard.Longest);
        Assert.Equal([1, 2], items);
        Assert.True(await job.Task.WaitAsync(Guard.Longest));
        Assert.Equal(1, job.Attempts);
    }

    private static Task<FaultCluster> StartAsync(SkewedClock clock) =>
        FaultCluster.StartAsync(new ClusterPlan { CoordinatorEnvironment = clock.Environment, NodeEnvironment = clock.Environment });

    private static DateTime ReadClock() => DateTime.UtcNow;

    private static bool WaitForFile(string file)
    {
        File.WriteAllText(file + ".begun", "");
        while (!File.Exists(file))
            Thread.Sleep(5);
        return true;
    }
}
