using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>Coordinators are killed at the worst moments, under load. No accepted job is lost.</summary>
[Collection(FaultGroup.Name)]
public sealed class CoordinatorTests(ITestOutputHelper output)
{
    private const string RunsHere = "durable pool 'pool': runs here";

    [FaultFact]
    public async Task Owner_KilledDuringAWrite_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        for (var round = 1; round <= 3; round++)
        {
            var owner = cluster.OwnerOf("pool");
            await owner.Current.PauseDuringAWriteAsync();
            owner.Kill();
            await load.NextAsync();
            await owner.UntilReadyAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>The next owner is killed as soon as it has read the pool, before or while it continues the jobs.</summary>
    [FaultFact]
    public async Task NextOwner_KilledDuringTheRecovery_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        for (var round = 1; round <= 2; round++)
        {
            var recoveries = cluster.CountLines(RunsHere);
            var first = cluster.OwnerOf("pool");
            first.Kill();
            await cluster.UntilSaidAsync(RunsHere, recoveries + 1);
            var second = cluster.OwnerOf("pool");
            second.Kill();
            await load.NextAsync();
            await Task.WhenAll(first.UntilReadyAsync(), second.UntilReadyAsync());
        }

        output.WriteLine(await load.FinishAsync());
    }

    /// <summary>The owner is asked to stop, and killed while it hands its pools over.</summary>
    [FaultFact]
    public async Task Owner_KilledDuringTheHandOver_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        foreach (var milliseconds in new[] { 1, 50, 200 })
        {
            var owner = cluster.OwnerOf("pool");
            owner.Current.Terminate();
            await Task.Delay(milliseconds);
            owner.Kill();
            await load.NextAsync();
            await owner.UntilReadyAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact]
    public async Task AllCoordinators_KilledAtOnce_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        for (var round = 1; round <= 3; round++)
        {
            foreach (var coordinator in cluster.Coordinators)
                coordinator.Kill();
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
    }

    [FaultFact]
    public async Task Programs_RestartedInTurn_EachJobEndsOnce()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await using var pool = await cluster.OpenDurablePoolAsync();
        var load = await JobLoad.StartAsync(pool, cluster.Records);

        foreach (var program in cluster.Programs)
        {
            await program.RestartAsync();
            await load.NextAsync();
        }

        output.WriteLine(await load.FinishAsync());
        Assert.All(cluster.Programs, program => Assert.Equal(2, program.Starts));
    }
}
