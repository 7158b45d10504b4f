using System.Diagnostics;
using Actors.Compose.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Compose.Tests;

/// <summary>Coordinators that are lost, paused and cut off, while there is work.</summary>
[Collection(ComposeCollection.Name)]
public sealed class CoordinatorTests(ComposeCluster cluster, ITestOutputHelper output)
{
    /// <summary>Also the smoke test of <c>.ci/run</c>: the cluster starts, runs a batch, loses a coordinator, and finishes the batch.</summary>
    [ComposeFact]
    [Trait("Category", "Smoke")]
    public async Task Coordinator_Killed_ItsPoolGoesOnAtAnotherWithinFifteenSeconds()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var owner = await cluster.OwnerAsync(batch.Name);

        var clock = Stopwatch.StartNew();
        await owner.KillAsync();
        await batch.NextAsync();
        // Reading the logs below takes seconds, which are not part of it.
        var pause = clock.Elapsed;

        output.WriteLine($"From kill -9 of the pool's coordinator to the first new job done: {pause.TotalMilliseconds:0} ms.");
        foreach (var coordinator in await cluster.CoordinatorsAsync())
            output.WriteLine($"{coordinator.HostName} said:\n{await coordinator.NewsAsync()}");
        Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task Coordinator_CutOff_ItsPoolGoesOnAtAnother()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var owner = await cluster.OwnerAsync(batch.Name);
        var before = await owner.StartedAsync();

        var clock = Stopwatch.StartNew();
        await cluster.CutOffAsync(owner);
        await cluster.MovesAsync(batch.Name, owner);
        await batch.NextAsync();

        output.WriteLine($"From the cut to the first new job done: {clock.ElapsedMilliseconds} ms.");
        await batch.FinishAsync();
        await EndsAsync(owner, before);
        await cluster.ReconnectAsync(owner);
    }

    [ComposeFact]
    public async Task Coordinators_ThatAreDeafToEachOther_TheBatchGoesOn()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var coordinators = await cluster.CoordinatorsAsync();
        var (one, other) = (coordinators[0], coordinators[1]);
        var before = (await one.StartedAsync(), await other.StartedAsync());
        var address = await other.AddressAsync();

        var clock = Stopwatch.StartNew();
        await one.SetDeafAsync("-A", address);
        await Eventually.HoldsAsync("one of them is given up", 90, async () => (await one.StartedAsync(), await other.StartedAsync()) != before);
        // A container's rules are gone when it is started again.
        if (await one.StartedAsync() == before.Item1)
            await one.SetDeafAsync("-D", address);

        await batch.NextAsync();
        output.WriteLine($"Until a job was done again: {clock.ElapsedMilliseconds} ms.");
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task Coordinator_PausedForAMinuteAndWoken_CanCompleteNothingMore()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var owner = await cluster.OwnerAsync(batch.Name);
        var before = await owner.StartedAsync();

        // It ends while the coordinator is paused, and what is said of that waits for it.
        var held = await batch.HoldAsync();
        await owner.PauseAsync();
        batch.LetGo();
        var minute = Task.Delay(TimeSpan.FromMinutes(1));
        await cluster.MovesAsync(batch.Name, owner);
        await batch.NextAsync();
        await minute;
        var woken = TimeProvider.System.GetUtcNow();
        await owner.WakeAsync();

        await EndsAsync(owner, before);
        var refused = await owner.RefusedSinceAsync(woken);
        output.WriteLine($"The coordinator that was paused and woke could not write {refused} completions.");
        Assert.True(refused > 0);
        Assert.True(await held);
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task AllCoordinators_StartedAgainAtOnce_LoseNothing()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);

        await cluster.ComposeAsync("restart", "-t", "20", "coordinator1", "coordinator2", "coordinator3");

        await batch.NextAsync();
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task Everything_KilledAtOnce_LosesNothing()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);

        await cluster.ComposeAsync("kill");
        await cluster.ScaleAsync(2);

        await batch.NextAsync();
        await batch.FinishAsync();
    }

    /// <summary>Who was given up ends, and is started again by docker.</summary>
    private static Task EndsAsync(Container coordinator, string before) =>
        Eventually.HoldsAsync("the coordinator that was given up ends", 90, async () => await coordinator.StartedAsync() != before);
}
