using System.Diagnostics;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>A durable pool whose client is killed together with other programs.</summary>
public sealed class AbandonedPoolTests(ITestOutputHelper output)
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_KilledAfterTheClient_PoolMovesWithoutAClient()
    {
        await using var cluster = new TestCluster();
        using var batch = new AbandonedBatch();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await SubmitAndKillAsync(cluster, batch);
        var owner = coordinators.Single(DurableCluster.HasThePool);

        owner.Kill();
        var clock = Stopwatch.StartNew();
        await cluster.UntilAsync(() => coordinators.Any(other => other != owner && DurableCluster.HasThePool(other)));
        output.WriteLine(
            $"From kill -9 of the pool's coordinator until the pool is at another, with nobody connected: {clock.ElapsedMilliseconds} ms.");
        // No job can have recorded itself before, so the pool runs them all without a client.
        Assert.Empty(batch.Recorded());
        batch.Open(0);
        batch.Open(1);

        await cluster.UntilAsync(() => batch.Recorded().SetEquals([.. AbandonedBatch.Recording(0), .. AbandonedBatch.Recording(1)]));
        output.WriteLine($"Until the last of {2 * AbandonedBatch.Records} jobs is done: {clock.ElapsedMilliseconds} ms.");
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task EveryProcess_KilledWithTheClient_NextClientGetsEachAcceptedResult()
    {
        await using var cluster = new TestCluster();
        using var batch = new AbandonedBatch();
        var coordinators = await cluster.StartCoordinatorsAsync(3);
        var nodes = await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        var ids = await SubmitAndKillAsync(cluster, batch);
        // The first half ends without a client. Two jobs of the second half run, the others wait.
        batch.Open(0);
        await cluster.UntilAsync(() => batch.Stands(1));

        foreach (var program in coordinators.Concat(nodes))
            program.Kill();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, coordinators.Count)
            .Select(index => cluster.LaunchCoordinator(index).SaysAsync("coordinator is a member")));
        await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        batch.Open(1);
        var next = cluster.Run("Actors.Cluster.Tests.dll", [cluster.Address, "attach", .. ids.Select(id => $"{id}")]);
        var code = await next.ExitAsync();

        output.WriteLine($"From kill -9 of all to the last of {ids.Count} results: {clock.ElapsedMilliseconds} ms.");
        Assert.True(code == 0, next.Errors);
        Assert.Equal(ids.Select((id, index) => $"{AbandonedBatch.Result}{id} {AbandonedBatch.ResultOf(index)}"), next.Output.Split('\n'));
    }

    /// <returns>The ids of the accepted jobs, all of which wait.</returns>
    private static async Task<IReadOnlyList<long>> SubmitAndKillAsync(TestCluster cluster, AbandonedBatch batch)
    {
        var client = cluster.Run("Actors.Cluster.Tests.dll", cluster.Address, "submit", batch.Path);
        await client.SaysAsync(AbandonedBatch.Accepted, AbandonedBatch.Count);
        await cluster.UntilAsync(() => batch.Stands(0));
        client.Kill();
        await client.ExitAsync();
        return [.. client.Output.Split('\n').Select(line => long.Parse(line[AbandonedBatch.Accepted.Length..]))];
    }
}
