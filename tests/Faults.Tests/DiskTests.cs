using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>The disk of a durable pool's store fails in every way in which a disk fails. No accepted job is lost.</summary>
[Collection(FaultGroup.Name)]
public sealed class DiskTests(ITestOutputHelper output)
{
    private const int Ballast = 4096;

    /// <summary>Longer than the failure detector's patience, and shorter than the longest write.</summary>
    private static readonly TimeSpan FreezeTime = TimeSpan.FromSeconds(8);

    [FaultFact(Primitive.FullDisk)]
    public async Task Store_DiskFullAndFreed_EachJobEndsOnce()
    {
        using var disk = new FullDisk(64);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { StoreDirectory = disk.Path });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records, Ballast);

        for (var round = 1; round <= 2; round++)
        {
            disk.Fill();
            await cluster.UntilSaidAsync("durable pool 'pool': cannot continue here", round);
            disk.Free();
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact(Primitive.LoopDisk)]
    public async Task Store_DiskNotWritable_EachJobEndsOnceAfterTheRepair()
    {
        using var disk = new LoopDisk(128);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { StoreDirectory = disk.Path });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records, Ballast);

        disk.MakeReadOnly();
        await cluster.UntilSaidAsync("durable pool 'pool': cannot continue here");
        await RepairAsync(cluster, disk);
        await load.NextAsync();

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact(Primitive.LoopDisk)]
    public async Task Store_DiskFrozen_EachJobEndsOnce()
    {
        using var disk = new LoopDisk(128);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { StoreDirectory = disk.Path });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records, Ballast);

        disk.Freeze();
        await Task.Delay(FreezeTime);
        disk.Thaw();
        await load.NextAsync();

        output.WriteLine(await load.FinishAsync());
        Assert.All(cluster.Coordinators, coordinator => Assert.Equal(1, coordinator.Starts));
    }

    [FaultFact(Primitive.LoopDisk)]
    public async Task Store_PowerLost_EachJobEndsOnceAndResultsStay()
    {
        using var disk = new LoopDisk(128);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { StoreDirectory = disk.Path });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records, Ballast);

        for (var round = 1; round <= 3; round++)
        {
            disk.CutPower();
            await RepairAsync(cluster, disk);
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>The client is told of the acceptance of its jobs, ends, and asks for them after the power failure.</summary>
    [FaultFact(Primitive.LoopDisk)]
    public async Task Accepted_PowerLostAfterwards_NextClientFindsEachJob()
    {
        const int Jobs = 500;
        using var disk = new LoopDisk(128);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan { StoreDirectory = disk.Path, Nodes = 1 });
        var go = Path.Combine(cluster.Records, "go");
        await using (var pool = await cluster.OpenDurablePoolAsync())
        {
            for (var index = 1; index <= Jobs; index++)
                _ = pool.ApplyAsync(ReturnWhenTold, go, index);
        }

        // Disposal has waited until every job was accepted.
        disk.CutPower();
        await RepairAsync(cluster, disk);
        await File.WriteAllTextAsync(go, "");

        await using var next = await cluster.OpenDurablePoolAsync();
        for (var index = 1; index <= Jobs; index++)
            Assert.Equal(index, await next.Attach<int>(index).Task.WaitAsync(Guard.LongestFailover));
    }

    private static int ReturnWhenTold(string go, int index)
    {
        while (!File.Exists(go))
            Thread.Sleep(5);
        return index;
    }

    /// <summary>Stops the machine of the coordinators, repairs its disk, and starts it again.</summary>
    private static async Task RepairAsync(FaultCluster cluster, LoopDisk disk)
    {
        await Task.WhenAll(cluster.Coordinators.Select(coordinator => coordinator.KillAndHoldAsync()));
        disk.Remount();
        foreach (var coordinator in cluster.Coordinators)
            coordinator.Release();
        await Task.WhenAll(cluster.Coordinators.Select(coordinator => coordinator.UntilReadyAsync()));
    }
}
