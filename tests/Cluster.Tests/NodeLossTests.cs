using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Worker nodes that join and leave during a batch.</summary>
public sealed class NodeLossTests(ITestOutputHelper output)
{
    private const int JobMilliseconds = 50;

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Nodes_StartedBeforeTheCoordinator_JoinWhenItComes()
    {
        await using var cluster = new TestCluster();
        var nodes = new[] { cluster.LaunchNode(1), cluster.LaunchNode(1) };
        await Task.WhenAll(nodes.Select(node => node.SaysAsync("joining")));

        await cluster.StartCoordinatorAsync();
        await Task.WhenAll(nodes.Select(node => node.SaysAsync("joined")));

        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(2);
        Assert.Equal(49, await pool.ApplyAsync(Functions.Square, 7));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_AddedDuringABatch_GetsWork()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(1);
        var first = pool.Workers.Single();
        var jobs = Submit(pool, 200, JobOptions.AtMostOnce);

        await cluster.StartNodeAsync(1);
        await pool.ExecutorsAsync(2);
        var added = pool.Workers.Single(executor => executor.Node != first.Node);
        foreach (var job in jobs)
        {
            if ((await job).ProcessId == added.ProcessId)
                return;
        }

        Assert.Fail("The added node ran no job.");
    }

    [LongTheory(Timeout = Guard.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Node_ToldToStopDuringABatch_DrainsAndLosesNoJob(bool byCtrlC)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var node = await cluster.StartNodeAsync(2);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(3);
        var often = Submit(pool, 60);
        var once = Submit(pool, 60, JobOptions.AtMostOnce);
        await often[20];

        if (byCtrlC)
            node.Interrupt();
        else
            node.Terminate();

        Assert.Equal(0, await node.ExitAsync());
        Assert.Contains("drained", node.Output, StringComparison.Ordinal);
        await Task.WhenAll(often.Concat(once).Select(job => job.Task));
        Assert.All(often.Concat(once), job => Assert.Equal(1, job.Attempts));
        Assert.Single(pool.Workers);
        Assert.Single(cluster.RunDirectories());
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_KilledDuringABatch_ItsJobsRunAgain()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var node = await cluster.StartNodeAsync(1);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        await pool.ExecutorsAsync(2);
        var jobs = Submit(pool, 100);
        await jobs[20];

        var killed = Stopwatch.GetTimestamp();
        node.Kill();
        var runs = await Task.WhenAll(jobs.Select(job => job.Task));

        Assert.Equal(Enumerable.Range(0, jobs.Count), runs.Select(run => run.Index));
        var again = jobs.Where(job => job.Attempts > 1).Select(job => job.Task.Result.Began).ToList();
        Assert.NotEmpty(again);
        var pause = Stopwatch.GetElapsedTime(killed, again.Min());
        output.WriteLine($"From kill -9 of a node to the first job that runs again: {pause.TotalMilliseconds:0} ms.");
        Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    /// <summary>The node is only silent: its connections stay open.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_PausedForGoodWhileItRunsAJob_TheJobRunsAgainElsewhere()
    {
        await using var cluster = new TestCluster();
        var coordinator = await cluster.StartCoordinatorAsync();
        var node = await cluster.StartNodeAsync(1);
        var words = Directory.CreateTempSubdirectory("silent-");
        var began = Path.Combine(words.FullName, "began-0");
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        var job = pool.ApplyAsync(Functions.AwaitWord, words.FullName, 0);
        await Guard.UntilAsync(() => File.Exists(began));
        await cluster.StartNodeAsync(1);
        await pool.ExecutorsAsync(2);
        File.Delete(began);

        node.Pause();
        var clock = Stopwatch.StartNew();
        await Guard.UntilAsync(() => File.Exists(began));

        output.WriteLine($"From SIGSTOP of a node until its job runs elsewhere: {clock.ElapsedMilliseconds} ms.");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await File.WriteAllTextAsync(Path.Combine(words.FullName, "go"), "");
        Assert.Equal(0, await cluster.DoneAsync(job));
        Assert.Equal(2, job.Attempts);
        await coordinator.SaysAsync("worker node ", times: 3);
        Assert.Matches("worker node .+:[0-9]+ was removed: it was silent", coordinator.Output);
        words.Delete(recursive: true);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_KilledWithALockHeld_TheLockIsReleased()
    {
        await using var cluster = await TestCluster.StartAsync();
        var node = await cluster.StartNodeAsync(1);
        await using var manager = await Manager.StartAsync(cluster.Address);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        var (managedLock, held) = (await manager.CreateLockAsync(), await manager.CreateQueueAsync<int>());
        var job = pool.ApplyAsync(Functions.HoldForEver, managedLock, held, JobOptions.AtMostOnce);
        await held.GetAsync();

        var clock = Stopwatch.StartNew();
        node.Kill();

        await using var hold = await managedLock.AcquireAsync(TimeSpan.FromSeconds(5));
        output.WriteLine($"From kill -9 of a node to the release of a lock held there: {clock.ElapsedMilliseconds} ms.");
        Assert.True(hold.WasAbandoned);
        await Assert.ThrowsAsync<WorkerLostException>(() => job.Completion.WaitAsync(Guard.Longest));
    }

    private static List<JobHandle<Run>> Submit(ProcessPool pool, int count, JobOptions? options = null) =>
        [.. Enumerable.Range(0, count).Select(index => pool.ApplyAsync(Functions.Work, index, JobMilliseconds, options))];
}
