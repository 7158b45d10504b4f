using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>
/// The disk of a worker node fails: that of its code, of its run directory, or of its shared memory. Other nodes do its work, and it works
/// again after the repair.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class NodeDiskTests(ITestOutputHelper output)
{
    private const int Megabyte = 1 << 20;

    /// <summary>Every directory of the node is on the disk.</summary>
    [FaultFact(Primitive.FullDisk)]
    public async Task Node_DiskIsFullFromTheStart_JoinsTheWorkWhenSpaceReturns()
    {
        using var disk = new FullDisk(256);
        disk.Fill();
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { FirstNodeCache = disk.Path });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        Assert.Empty(FaultCluster.WorkersOf(cluster.Nodes[0]));
        disk.Free();
        await Guard.UntilAsync(() => FaultCluster.WorkersOf(cluster.Nodes[0]).Count == 1, Guard.LongestFailover);
        await load.NextAsync();

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact(Primitive.FullDisk)]
    public async Task Node_RunDirectoryBecomesFull_WorkContinuesElsewhereUntilSpaceReturns()
    {
        using var disk = new FullDisk(256);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { FirstNodeEnvironment = TemporaryIn(disk.Path) });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        disk.Fill();
        await KillWorkersAsync(cluster);
        await load.NextAsync();
        disk.Free();
        await Guard.UntilAsync(() => FaultCluster.WorkersOf(cluster.Nodes[0]).Count == 1, Guard.LongestFailover);
        await load.NextAsync();

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact(Primitive.LoopDisk)]
    public async Task Node_DisksAreNotWritable_WorkContinuesElsewhereUntilTheRepair()
    {
        using var disk = new LoopDisk(256);
        await using var cluster = await FaultCluster.StartAsync(
            new ClusterPlan { FirstNodeCache = disk.Path, FirstNodeEnvironment = TemporaryIn(disk.Path) });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        disk.MakeReadOnly();
        await KillWorkersAsync(cluster);
        await load.NextAsync();
        await cluster.Nodes[0].KillAndHoldAsync();
        disk.Remount();
        cluster.Nodes[0].Release();
        await cluster.Nodes[0].UntilReadyAsync();
        await Guard.UntilAsync(() => FaultCluster.WorkersOf(cluster.Nodes[0]).Count == 1, Guard.LongestFailover);
        await load.NextAsync();

        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>Large arguments travel through shared memory. Only jobs that need it may fail, and with a typed error.</summary>
    [FaultFact(Primitive.FullDisk)]
    public async Task Node_SharedMemoryIsFull_OnlyLargeJobsFail()
    {
        using var disk = new FullDisk(256);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan
        {
            Nodes = 1,
            FirstNodeCache = disk.Path,
            FirstNodeEnvironment = new Dictionary<string, string> { ["ACTORS_SHARED_MEMORY_DIRECTORY"] = disk.Path },
        });
        await using var pool = await cluster.OpenPoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);
        var large = new byte[16 * Megabyte];
        large.AsSpan().Fill(3);

        Assert.Equal(large.Length * 3L, await pool.ApplyAsync(Sum, large).Task.WaitAsync(Guard.LongestFailover));
        disk.Fill();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pool.ApplyAsync(Sum, large).Task.WaitAsync(Guard.LongestFailover));
        await load.NextAsync();
        disk.Free();
        Assert.Equal(large.Length * 3L, await pool.ApplyAsync(Sum, large).Task.WaitAsync(Guard.LongestFailover));

        Assert.True(failure is PayloadStoreException or StorageException, failure.ToString());
        output.WriteLine(failure.Message);
        output.WriteLine(await load.FinishAsync());
    }

    private static long Sum(byte[] bytes) => bytes.Sum(part => (long)part);

    private static Dictionary<string, string> TemporaryIn(string directory) =>
        new() { ["TMPDIR"] = directory, ["ACTORS_SHARED_MEMORY_DIRECTORY"] = directory };

    /// <summary>Kills the workers of the first node, and waits until they have ended.</summary>
    private static async Task KillWorkersAsync(FaultCluster cluster)
    {
        var workers = FaultCluster.WorkersOf(cluster.Nodes[0]);
        foreach (var worker in workers)
            RoleProcess.Kill(worker);
        await Guard.UntilAsync(() => !workers.Any(worker => Directory.Exists($"/proc/{worker}")));
    }
}
