using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>A node that runs more workers while jobs wait.</summary>
public sealed class ScalingTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_JobsWait_RunsMoreWorkersThenFewer()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        // Independent of the load of the machine.
        await cluster.Run(
            "Actors.WorkerNode.dll", "--join", cluster.Address, "--processes", "1..3", "--idle-seconds", "0.5", "--busy-percent", "100",
            "--cache", cluster.CacheOf(1)).SaysAsync("joined");
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        Assert.Equal(1, await pool.ApplyAsync(Functions.Square, 1).Task.WaitAsync(Guard.Longest));

        var jobs = Enumerable.Range(0, 60).Select(index => pool.ApplyAsync(Functions.Work, index, 100)).ToList();
        await Guard.UntilAsync(() => pool.Workers.Count == 3);
        await Task.WhenAll(jobs.Select(job => job.Task)).WaitAsync(Guard.Longest);

        await Guard.UntilAsync(() => pool.Workers.Count == 1);
        Assert.Equal(4, await pool.ApplyAsync(Functions.Square, 2).Task.WaitAsync(Guard.Longest));
    }
}
