using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>Durable pools and queues are distributed over three coordinators and reachable through each.</summary>
public sealed class SpreadingTests(ITestOutputHelper output)
{
    private const int Queues = 30;
    private const int Items = 20;

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task ManyQueues_OfOneClient_AreSpreadOverAllCoordinators()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await using var manager = await Manager.StartAsync(cluster.AddressOf(0));

        for (var i = 0; i < Queues; i++)
        {
            var queue = await manager.OpenQueueAsync<int>($"queue-{i}").WaitAsync(Guard.Longest);
            await queue.PutAsync(i);
            Assert.Equal(i, await queue.GetAsync());
        }

        await Guard.UntilAsync(() => coordinators.Sum(Made) == Queues);
        output.WriteLine($"Of {Queues} durable queues the coordinators have {string.Join(", ", coordinators.Select(Made))}.");
        Assert.All(coordinators, coordinator => Assert.NotEqual(0, Made(coordinator)));
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Queue_OpenedThroughOneCoordinator_IsTheSameThroughTheOthers()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorsAsync(3);
        var managers = await Task.WhenAll(Enumerable.Range(0, 3).Select(index => Manager.StartAsync(cluster.AddressOf(index))));
        var queues = new List<ManagedQueue<int>>();
        foreach (var manager in managers)
            queues.Add(await manager.OpenQueueAsync<int>("queue").WaitAsync(Guard.Longest));

        // Each client puts an item in turn, and the next client gets it.
        var taken = new List<int>();
        for (var item = 0; item < Items; item++)
        {
            await queues[item % 3].PutAsync(item);
            await queues[(item + 1) % 3].PutAsync(Items + item);
            taken.Add(await queues[(item + 2) % 3].GetAsync());
        }

        for (var item = 0; item < Items; item++)
            taken.Add(await queues[item % 3].GetAsync());
        Assert.Equal(Enumerable.Range(0, Items).SelectMany(item => new[] { item, Items + item }), taken);
        foreach (var queue in queues)
            Assert.Equal(0, await queue.CountAsync());
        foreach (var manager in managers)
            await manager.DisposeAsync();
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Pool_OpenedThroughOneCoordinator_IsTheSameThroughTheOthers()
    {
        await using var cluster = new TestCluster();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await cluster.StartNodeAsync(1);
        var words = Directory.CreateTempSubdirectory("spreading-");
        var ids = new List<long>();
        // The jobs wait until the first client has left, because a client that gets a result removes it from the pool.
        await using (var first = await OpenAsync(cluster, 0))
        {
            var jobs = Enumerable.Range(0, Items).Select(index => first.ApplyAsync(Functions.AwaitWord, words.FullName, index)).ToList();
            await jobs[^1].Accepted;
            ids.AddRange(jobs.Select(job => job.Id));
            await cluster.UntilAsync(() => words.GetFiles("began-*").Length > 0);
        }

        await File.WriteAllTextAsync(Path.Combine(words.FullName, "go"), "");
        for (var coordinator = 1; coordinator < 3; coordinator++)
        {
            await using var pool = await OpenAsync(cluster, coordinator);
            for (var index = coordinator - 1; index < Items; index += 2)
                Assert.Equal(index, await cluster.DoneAsync(pool.Attach<int>(ids[index])));
        }

        // There is one pool, regardless of the coordinator that was asked.
        Assert.Single(coordinators, DurableCluster.HasThePool);
        words.Delete(recursive: true);
    }

    private static int Made(RoleProcess coordinator) => coordinator.Output.Split('\n')
        .Count(line => line.EndsWith("is created here", StringComparison.Ordinal));

    private static Task<ProcessPool> OpenAsync(TestCluster cluster, int coordinator) =>
        ProcessPool.StartAsync(connect: cluster.AddressOf(coordinator), options: new PoolOptions { DurableName = "pool" })
            .WaitAsync(Guard.Longest);
}
