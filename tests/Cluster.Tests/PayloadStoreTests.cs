using System.Diagnostics;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests;

/// <summary>Large arguments and results whose programs are killed.</summary>
public sealed class PayloadStoreTests(ITestOutputHelper output)
{
    private const int MiB = 1 << 20;

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Node_KilledWithALargeArgument_TheJobRunsAgainWithTheSame()
    {
        await using var cluster = await TestCluster.StartAsync();
        var nodes = await Task.WhenAll(cluster.StartNodeAsync(1), cluster.StartNodeAsync(1));
        await using var manager = await Manager.StartAsync(cluster.Address);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        var (begun, go) = (await manager.CreateQueueAsync<int>(), await manager.CreateQueueAsync<int>());
        var bytes = new byte[64 * MiB];
        new Random(1).NextBytes(bytes);
        var clock = Stopwatch.StartNew();
        var job = pool.ApplyAsync(Functions.InvertedWhenTold, bytes, begun, go);
        var first = await begun.GetAsync(Guard.Longest);
        output.WriteLine($"64 MiB were there after {clock.ElapsedMilliseconds} ms.");

        var node = pool.Workers.Single(executor => executor.ProcessId == first).Node;
        nodes.Single(program => program.Output.EndsWith($"as {node}", StringComparison.Ordinal)).Kill();
        Assert.NotEqual(first, await begun.GetAsync(Guard.Longest));
        Assert.Single(cluster.StoredPayloads());
        clock.Restart();
        await go.PutAsync(0);
        var result = await job.Task.WaitAsync(Guard.Longest);

        output.WriteLine($"64 MiB came back after {clock.ElapsedMilliseconds} ms.");
        Assert.Equal(2, job.Attempts);
        Assert.True(Functions.Inverted(result).AsSpan().SequenceEqual(bytes));
        await Guard.UntilAsync(() => cluster.StoredPayloads().Count == 0);
    }
}
