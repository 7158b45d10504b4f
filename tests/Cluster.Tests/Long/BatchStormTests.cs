using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>A large batch whose jobs record themselves, while programs are killed, paused and cut off.</summary>
public sealed class BatchStormTests(ITestOutputHelper output)
{
    private const int Jobs = 100_000;

    /// <summary>The number of jobs between two faults.</summary>
    private const int Blow = 12_500;

    [LongFact(Timeout = 10 * 60_000)]
    public Task Batch_WhileCoordinatorsAndNodesAreKilledAndPaused_EndsWithEveryJobDoneAndEveryResultRight() => RunAsync(StrikeAsync);

    [FirewallFact(Timeout = 10 * 60_000)]
    public Task Batch_WhileCoordinatorsAndNodesAreCutOff_EndsWithEveryJobDoneAndEveryResultRight() => RunAsync(CutAsync, canBeCut: true);

    private async Task RunAsync(Func<DurableCluster, int, int, Task> strikeAsync, bool canBeCut = false)
    {
        var records = Directory.CreateTempSubdirectory("records-");
        try
        {
            await using var durable = await DurableCluster.StartAsync(canBeCut);
            var jobs = Enumerable.Range(0, Jobs).Select(index => durable.Pool.ApplyAsync(Functions.Record, records.FullName, index))
                .ToList();
            var chance = new Random(20);

            for (var done = Blow; done < Jobs; done += Blow)
            {
                await durable.Programs.DoneAsync(jobs[done]);
                await strikeAsync(durable, done / Blow, chance.Next(2));
            }

            for (var index = 0; index < Jobs; index++)
                Assert.Equal(Functions.Mixed(index), await durable.Programs.DoneAsync(jobs[index]));
            var counts = new int[Jobs];
            foreach (var line in records.GetFiles().SelectMany(file => File.ReadLines(file.FullName)))
                counts[int.Parse(line)]++;
            var (missing, repeated) = (counts.Count(count => count == 0), counts.Sum(count => Math.Max(0, count - 1)));
            output.WriteLine($"{missing} of {Jobs} jobs without a record, {repeated} runs beyond the first.");
            Assert.DoesNotContain(0, counts);
        }
        finally
        {
            records.Delete(recursive: true);
        }
    }

    private static async Task StrikeAsync(DurableCluster durable, int blow, int which)
    {
        switch (blow % 6)
        {
            case 0:
                durable.Nodes[which].Kill();
                durable.Nodes[which] = await durable.Programs.StartNodeAsync(1);
                break;
            case 1:
                durable.Coordinators[which].Kill();
                await StartAgainAsync(durable, which);
                break;
            case 2:
                // Longer than its lease: it is removed before it continues.
                durable.Nodes[which].Pause();
                await Task.Delay(TimeSpan.FromSeconds(8));
                durable.Nodes[which].Resume();
                break;
            case 3:
                durable.Coordinators[2].Kill();
                durable.Nodes[which].Kill();
                durable.Nodes[which] = await durable.Programs.StartNodeAsync(1);
                await StartAgainAsync(durable, 2);
                break;
            default:
                var has = durable.Coordinators.IndexOf(durable.LastOwner);
                await PauseUntilGivenUpAsync(durable, blow % 6 == 4 ? has : (has + 1) % durable.Coordinators.Count);
                break;
        }
    }

    /// <summary>Pauses a coordinator between two writes. In the middle of a write it would keep the SQLite file locked.</summary>
    private static async Task PauseUntilGivenUpAsync(DurableCluster durable, int coordinator)
    {
        await durable.Coordinators[coordinator].PauseBetweenWritesAsync();
        await Task.Delay(TimeSpan.FromSeconds(20));
        durable.Coordinators[coordinator].Resume();
        Assert.Equal(1, await durable.Coordinators[coordinator].ExitAsync());
        await StartAgainAsync(durable, coordinator);
    }

    /// <summary>Cuts off in turn a node, the owner of the pool, and another coordinator, for longer than the others wait for it.</summary>
    private static async Task CutAsync(DurableCluster durable, int blow, int which)
    {
        if (blow % 3 == 0)
        {
            using (durable.Nodes[which].CutOff())
                await Task.Delay(TimeSpan.FromSeconds(8));
            return;
        }

        var cut = durable.Coordinators.FindLastIndex(coordinator => DurableCluster.HasThePool(coordinator) == (blow % 3 == 1));
        using (durable.Coordinators[cut].CutOff())
            Assert.Equal(1, await durable.Coordinators[cut].ExitAsync());
        await StartAgainAsync(durable, cut);
    }

    private static async Task StartAgainAsync(DurableCluster durable, int coordinator)
    {
        durable.Coordinators[coordinator] = durable.Programs.LaunchCoordinator(coordinator);
        await durable.Coordinators[coordinator].SaysAsync("coordinator is a member");
    }
}
