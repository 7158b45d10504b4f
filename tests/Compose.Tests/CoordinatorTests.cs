using System.Diagnostics;
using Actors.Compose.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Compose.Tests;

/// <summary>Coordinators are killed, paused and disconnected while jobs run.</summary>
[Collection(ComposeCollection.Name)]
public sealed class CoordinatorTests(ComposeCluster cluster, ITestOutputHelper output)
{
    /// <summary>
    /// Also the smoke test of <c>.ci/run</c>: the cluster starts, runs a batch, loses a coordinator, and finishes the batch.
    /// </summary>
    [ComposeFact]
    [Trait("Category", "Smoke")]
    public async Task Coordinator_Killed_PoolContinuesOnAnotherWithinFifteenSeconds()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var owner = await cluster.OwnerAsync(batch.Name);

        var clock = Stopwatch.StartNew();
        await owner.KillAsync();
        await batch.NextAsync();
        // Reading the logs below takes seconds, which must not count.
        var pause = clock.Elapsed;

        output.WriteLine($"From the start of the durable pool to its first result: {batch.FirstResult.TotalMilliseconds:0} ms.");
        output.WriteLine($"From kill -9 of the pool's coordinator to the end of the next job: {pause.TotalMilliseconds:0} ms.");
        foreach (var coordinator in await cluster.CoordinatorsAsync())
            output.WriteLine($"Log of {coordinator.HostName}:\n{await coordinator.ReadEventsAsync()}");
        Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task Coordinator_KilledFiveTimes_MediansOfStartAndFailoverAreShort()
    {
        const int Times = 5;
        var (starts, pauses) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var time = 0; time < Times; time++)
        {
            await using var batch = await RecordedBatch.StartAsync(cluster);
            var owner = await cluster.OwnerAsync(batch.Name);
            var clock = Stopwatch.StartNew();
            await owner.KillAsync();
            await batch.NextAsync();
            pauses.Add(clock.Elapsed);
            starts.Add(batch.FirstResult);
            output.WriteLine($"First result after {starts[^1].TotalSeconds:0.0} s, failover in {pauses[^1].TotalSeconds:0.0} s.");
            await batch.FinishAsync();
        }

        Assert.InRange(starts.Order().ElementAt(Times / 2), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.InRange(pauses.Order().ElementAt(Times / 2), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [ComposeFact]
    public async Task Coordinator_Disconnected_PoolContinuesOnAnother()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var owner = await cluster.OwnerAsync(batch.Name);
        var before = await owner.StartedAsync();

        var clock = Stopwatch.StartNew();
        await cluster.DisconnectAsync(owner);
        await cluster.MovesAsync(batch.Name, owner);
        await batch.NextAsync();

        output.WriteLine($"From the disconnection to the end of the next job: {clock.ElapsedMilliseconds} ms.");
        await batch.FinishAsync();
        await EndsAsync(owner, before);
        await cluster.ReconnectAsync(owner);
    }

    [ComposeFact]
    public async Task Coordinators_PacketsBetweenTwoAreDropped_BatchContinues()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var coordinators = await cluster.CoordinatorsAsync();
        var (one, other) = (coordinators[0], coordinators[1]);
        var before = (await one.StartedAsync(), await other.StartedAsync());
        var addresses = await other.AddressesAsync();

        var clock = Stopwatch.StartNew();
        await one.ChangeDropRulesAsync("-A", addresses);
        await Eventually.HoldsAsync(
            "one of the coordinators is removed", 90, async () => (await one.StartedAsync(), await other.StartedAsync()) != before);
        // A restart of the container removes its firewall rules.
        if (await one.StartedAsync() == before.Item1)
            await one.ChangeDropRulesAsync("-D", addresses);

        await batch.NextAsync();
        output.WriteLine($"From the first dropped packet to the end of the next job: {clock.ElapsedMilliseconds} ms.");
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task Coordinator_PausedForAMinuteAndResumed_EndsAndEachJobEndsOnce()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var owner = await cluster.OwnerAsync(batch.Name);
        var before = await owner.StartedAsync();

        // The job ends while the coordinator is paused; its completion waits in the socket.
        var held = await batch.HoldAsync();
        await owner.PauseAsync();
        batch.Release();
        var minute = Task.Delay(TimeSpan.FromMinutes(1));
        await cluster.MovesAsync(batch.Name, owner);
        await batch.NextAsync();
        await minute;
        var woken = TimeProvider.System.GetUtcNow();
        await owner.ResumeAsync();

        await EndsAsync(owner, before);
        var (refused, lost) = (await owner.RefusedSinceAsync(woken), await owner.LostNodesSinceAsync(woken));
        output.WriteLine($"The resumed coordinator was refused {refused} completions and lost {lost} nodes.");
        // The completion waits in the socket of a node that has ended its session. The coordinator first notices the one or the other.
        Assert.True(refused + lost > 0);
        Assert.True(await held);
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task AllCoordinators_RestartedTogether_LoseNoJob()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);

        await cluster.ComposeAsync("restart", "-t", "20", "coordinator1", "coordinator2", "coordinator3");

        await batch.NextAsync();
        await batch.FinishAsync();
    }

    [ComposeFact]
    public async Task AllContainers_KilledTogether_LoseNoJob()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);

        await cluster.ComposeAsync("kill");
        await cluster.ScaleAsync(2);

        await batch.NextAsync();
        await batch.FinishAsync();
    }

    /// <summary>Waits until a removed coordinator has exited and docker has restarted it.</summary>
    private static Task EndsAsync(Container coordinator, string before) =>
        Eventually.HoldsAsync("the removed coordinator restarts", 90, async () => await coordinator.StartedAsync() != before);
}
