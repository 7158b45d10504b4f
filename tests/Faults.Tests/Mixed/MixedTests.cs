using System.Diagnostics;
using Actors.Faults.Tests.Loads;
using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Faults.Tests.Mixed;

/// <summary>An hour of mixed load with random faults. Every history is correct, and no resource has grown.</summary>
[Collection(FaultGroup.Name)]
public sealed class MixedTests(ITestOutputHelper output)
{
    private const int Coordinators = 3;
    private const int Nodes = 2;

    /// <summary>The most time of one round of load, which ends with a check of all histories.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(2);

    /// <summary>The longest time in which the resources of the last round are released. Threads end 20 s after their last use.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    /// <summary>The longest time in which a durable pool or queue may stand still while all programs run.</summary>
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(15);

    private readonly List<object> _leaked = [];
    private readonly List<Recovery> _recoveries = [];

    [MixedFact]
    public async Task MixedLoad_WithRandomFaults_IsCorrectAndLeaksNothing()
    {
        Report(
            $"seed {MixedOptions.Seed} (ACTORS_SEED repeats the faults), {MixedOptions.Duration.TotalMinutes} minutes, load "
            + $"{MixedOptions.Load}");
        using var busy = BusyProcesses.Start(MixedOptions.Load);
        using var key = new SharedKey();
        using var network = new FaultNetwork(Coordinators + Nodes);
        using var disk = new FullDisk(256);
        await using var cluster = await FaultCluster.StartAsync(new ClusterPlan
        {
            Coordinators = Coordinators,
            Nodes = Nodes,
            WorkersPerNode = 4,
            Network = network,
            StoreDirectory = disk.Path,
        });
        ProcessPool? pool = null;
        var random = new Random(MixedOptions.Seed);
        var faults = new RandomFaults(cluster, network, disk, () => pool!, random, Report);
        var (clock, round, half) = (Stopwatch.StartNew(), 0, default(IReadOnlyList<Footprint>));
        var roundTime = TimeSpan.FromTicks(Math.Min(LongestRound.Ticks, MixedOptions.Duration.Ticks / 4));

        do
        {
            await cluster.ExplainFailureAsync(async () =>
            {
                await using (pool = await cluster.OpenPoolAsync())
                    await RunRoundAsync(cluster, pool, faults, ++round, roundTime, random);
            });
            Leak(cluster);
            if (half is null && clock.Elapsed > MixedOptions.Duration / 2)
                half = await MeasureAsync(cluster);
        }
        while (clock.Elapsed < MixedOptions.Duration);

        var last = await MeasureAsync(cluster);
        Report($"{round} rounds; faults: {faults.Summary}");
        foreach (var fault in _recoveries.GroupBy(recovery => recovery.Fault))
        {
            Report($"after '{fault.Key}' every load continued within {fault.Max(recovery => recovery.OfAll).TotalSeconds:0.0} s, "
                + $"the durable ones within {fault.Max(recovery => recovery.OfDurable).TotalSeconds:0.0} s");
        }

        Assert.DoesNotContain(_recoveries, recovery => recovery.OfDurable > LongestStandstill);
        Assert.Empty(half!.Zip(last, (first, second) => second.DescribeGrowth(first)).OfType<string>());
    }

    private async Task RunRoundAsync(
        FaultCluster cluster, ProcessPool pool, RandomFaults faults, int round, TimeSpan time, Random random)
    {
        var records = Directory.CreateDirectory(Path.Combine(cluster.Records, $"round-{round}")).FullName;
        await using var durable = await cluster.OpenDurablePoolAsync($"pool-{round}");
        await using var manager = await Manager.StartAsync(cluster.Address);
        var durableJobs = await JobLoad.StartAsync(durable, Path.Combine(records, "durable"));
        var jobs = await JobLoad.StartAsync(pool, Path.Combine(records, "jobs"));
        var objects = ObjectLoad.Start(cluster.Address, pool, records, random.Next());
        var queue = await DurableQueueLoad.StartAsync(manager, $"queue-{round}", pool, Path.Combine(records, "queue"));

        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            var fault = await faults.CauseNextAsync();
            var recovery = Stopwatch.StartNew();
            var others = Task.WhenAll(jobs.NextAsync(), objects.NextAsync());
            await Task.WhenAll(durableJobs.NextAsync(), queue.NextAsync());
            var ofDurable = recovery.Elapsed;
            await others;
            _recoveries.Add(new Recovery(fault, recovery.Elapsed, ofDurable));
            Report($"every load continued within {recovery.Elapsed.TotalSeconds:0.0} s");
        }

        Report($"round {round}: {string.Join(' ', await objects.FinishAsync(), await queue.FinishAsync(), await jobs.FinishAsync())}");
        Report($"round {round}: durable: {await durableJobs.FinishAsync()}");
        await durable.CompleteAsync();
        await manager.DeleteQueueAsync($"queue-{round}");
        Directory.Delete(records, recursive: true);
    }

    /// <summary>Measures this process, and the programs that no fault ends.</summary>
    private async Task<IReadOnlyList<Footprint>> MeasureAsync(FaultCluster cluster)
    {
        var survivors = new[] { cluster.Coordinators[0], cluster.Nodes[0] };
        int[] processes = [Environment.ProcessId, .. survivors.Select(program => program.Current.Id)];
        var measured = await Task.WhenAll(processes.Select(process => Footprint.ReadLowestAsync(process, SettleTime)));
        Report($"this process {measured[0]}; first coordinator {measured[1]}; first node {measured[2]}; files {cluster.CountFiles()}");
        return [.. measured, new Footprint(cluster.CountFiles(), 0, 0, 0)];
    }

    /// <summary>Shows that the test can fail: leaks in this process and on disk.</summary>
    private void Leak(FaultCluster cluster)
    {
        if (!MixedOptions.IsLeaking)
            return;
        for (var i = 0; i < 10; i++)
            _leaked.Add(File.OpenHandle(Path.Combine(cluster.Records, $"leaked-{_leaked.Count}"), FileMode.Create));
    }

    /// <summary>How long the loads stood still after a fault, although all programs ran again.</summary>
    /// <param name="Fault">The name of the fault.</param>
    /// <param name="OfAll">The time until each load continued.</param>
    /// <param name="OfDurable">The time until the durable pool and the durable queue continued.</param>
    private sealed record Recovery(string Fault, TimeSpan OfAll, TimeSpan OfDurable);

    private void Report(string line)
    {
        output.WriteLine(line);
        // xUnit shows the output of a test at its end.
        File.AppendAllText(Path.Combine(AppContext.BaseDirectory, "mixed.log"), $"{DateTime.UtcNow:HH:mm:ss} {line}\n");
    }
}
