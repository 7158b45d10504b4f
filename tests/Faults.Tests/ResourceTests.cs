using System.Runtime.InteropServices;
using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>Programs run out of files, sockets and memory. No accepted job is lost.</summary>
[Collection(FaultGroup.Name)]
public sealed class ResourceTests(ITestOutputHelper output)
{
    private const int Megabyte = 1 << 20;

    private static readonly TimeSpan Shortage = TimeSpan.FromSeconds(10);

    /// <summary>The owner can open neither its store nor new connections. All its connections break meanwhile.</summary>
    [FaultFact(Primitive.Descriptors)]
    public async Task Owner_WithoutDescriptors_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        for (var round = 1; round <= 2; round++)
        {
            using (Descriptors.Exhaust(cluster.OwnerOf("pool").Current.Id))
                await Task.Delay(Shortage);
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>The node can start no worker, because each has a socket. Its only worker is killed meanwhile.</summary>
    [FaultFact(Primitive.Descriptors)]
    public async Task Node_WithoutDescriptors_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        var node = cluster.Nodes[0];
        using (Descriptors.Exhaust(node.Current.Id))
        {
            foreach (var worker in FaultCluster.WorkersOf(node))
                RoleProcess.Kill(worker);
            await Task.Delay(Shortage);
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>The system kills the worker whose job takes too much memory; all other jobs are retried.</summary>
    [FaultFact(Primitive.Memory)]
    public async Task Node_MemoryLimitExceeded_OnlyTheJobThatTakesItIsLost()
    {
        using var limit = new MemoryLimit(500);
        await using var cluster = await FaultCluster.StartAsync(
            new ClusterPlan { Nodes = 1, WorkersPerNode = 2, FirstNodePrefix = limit.RunIn() });
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        var greedy = pool.ApplyAsync(TakeMemory, 2000);
        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => greedy.Task.WaitAsync(Guard.LongestFailover));
        await load.NextAsync();

        Assert.Equal(3, lost.Attempts);
        Assert.True(limit.Kills >= 3, $"The system has killed {limit.Kills} processes.");
        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>The system kills the coordinator, which holds too large objects of a client.</summary>
    [FaultFact(Primitive.Memory)]
    public async Task Owner_MemoryLimitExceeded_EachJobEndsOnce()
    {
        using var limit = new MemoryLimit(100);
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);
        var owner = cluster.OwnerOf("pool");
        await using var manager = await Manager.StartAsync(cluster.AddressOf(owner));
        var queue = await manager.CreateQueueAsync<byte[]>();

        limit.Add(owner.Current.Id);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
                await queue.PutAsync(new byte[8 * Megabyte]).WaitAsync(Guard.Longest);
        });
        await load.NextAsync();

        Assert.Equal(1, limit.Kills);
        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>Takes memory that the garbage collector does not know.</summary>
    private static unsafe int TakeMemory(int megabytes)
    {
        var taken = 0;
        for (; taken < megabytes; taken++)
            new Span<byte>(NativeMemory.Alloc(Megabyte), Megabyte).Fill(1);
        return taken;
    }
}
