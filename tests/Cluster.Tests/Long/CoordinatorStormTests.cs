using System.Diagnostics;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>Three coordinators that are lost one after the other and all together.</summary>
public sealed class CoordinatorStormTests(ITestOutputHelper output)
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task EachCoordinator_KilledInTurn_PoolContinuesAndLosesNothing()
    {
        await using var durable = await DurableCluster.StartAsync();

        for (var i = 0; i < durable.Coordinators.Count; i++)
        {
            await durable.Programs.DoneAsync(durable.Submit(500)[100]);
            durable.Coordinators[i].Kill();
            var clock = Stopwatch.StartNew();
            await durable.Programs.DoneAsync(durable.Submit(1)[0]);
            output.WriteLine($"From kill -9 of coordinator {i + 1} to the first new job done: {clock.ElapsedMilliseconds} ms.");
            durable.Coordinators[i] = durable.Programs.LaunchCoordinator(i);
            await durable.Coordinators[i].SaysAsync("coordinator is a member");
        }

        await durable.RequireAllDoneAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task AllCoordinators_KilledAtOnceAndStartedAgain_LoseNothing()
    {
        await using var durable = await DurableCluster.StartAsync();
        await durable.Programs.DoneAsync(durable.Submit(2_000)[100]);

        foreach (var coordinator in durable.Coordinators)
            coordinator.Kill();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < durable.Coordinators.Count; i++)
            durable.Coordinators[i] = durable.Programs.LaunchCoordinator(i);
        await durable.Programs.DoneAsync(durable.Submit(1)[0]);

        output.WriteLine($"From kill -9 of all coordinators to the first new job done: {clock.ElapsedMilliseconds} ms.");
        await durable.RequireAllDoneAsync();
    }

    /// <summary>The client is connected to an unknown one of them, which is lost in any case.</summary>
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task EachCoordinator_KilledInTurn_NonDurablePoolIsReopened()
    {
        await using var programs = new TestCluster();
        var coordinators = await programs.StartCoordinatorsAsync(3);
        await Task.WhenAll(programs.StartNodeAsync(1), programs.StartNodeAsync(1));
        await using var pool = await ProcessPool.StartAsync(connect: programs.Address);
        var jobs = new List<JobHandle<Run>>();
        var large = new List<JobHandle<byte[]>>();

        for (var i = 0; i < coordinators.Count; i++)
        {
            jobs.AddRange(Enumerable.Range(jobs.Count, 500).Select(index => pool.ApplyAsync(Functions.Work, index, 1)));
            large.Add(pool.ApplyAsync(Functions.Inverted, new byte[32 << 20]));
            await programs.DoneAsync(jobs[^400]);
            coordinators[i].Kill();
            var clock = Stopwatch.StartNew();
            await programs.DoneAsync(pool.ApplyAsync(Functions.Square, i));
            output.WriteLine($"From kill -9 of coordinator {i + 1} to the first new job done: {clock.ElapsedMilliseconds} ms.");
            coordinators[i] = programs.LaunchCoordinator(i);
            await coordinators[i].SaysAsync("coordinator is a member");
        }

        for (var index = 0; index < jobs.Count; index++)
            Assert.Equal(index, (await programs.DoneAsync(jobs[index])).Index);
        foreach (var job in large)
            Assert.Equal(32 << 20, (await programs.DoneAsync(job)).Count(part => part == 255));
        Assert.Equal(jobs.Count + large.Count + coordinators.Count, (await pool.CompleteAsync()).Succeeded);
    }
}
