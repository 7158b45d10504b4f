using System.Text.Json;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The operator commands on a running cluster.</summary>
public sealed class OperatorTests
{
    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Drain_Node_FinishesItsJobsAndLeaves()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        var node = await cluster.StartNodeAsync(1);
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address);
        var running = pool.ApplyAsync(Functions.Work, 1, 2_000);
        await Guard.UntilAsync(() => pool.Workers.Count == 1);

        var nodes = cluster.Run(Builds.Tool, "nodes", "--json", "--connect", cluster.Address);
        Assert.Equal(0, await nodes.ExitAsync());
        using var listed = JsonDocument.Parse(nodes.Output);
        var only = Assert.Single(listed.RootElement.EnumerateArray());
        Assert.Equal((1, 1, false), (only.GetProperty("workers").GetInt32(), only.GetProperty("atMost").GetInt32(),
            only.GetProperty("isDraining").GetBoolean()));
        var name = only.GetProperty("name").GetString()!;
        var table = cluster.Run(Builds.Tool, "nodes", "--connect", cluster.Address);
        Assert.Equal(0, await table.ExitAsync());
        Assert.Contains(name, table.Output, StringComparison.Ordinal);
        var unknown = cluster.Run(Builds.Tool, "drain", "somebody", "--connect", cluster.Address);
        Assert.Equal(1, await unknown.ExitAsync());
        Assert.Contains(name, unknown.Errors, StringComparison.Ordinal);

        var drain = cluster.Run(Builds.Tool, "drain", name, "--connect", cluster.Address);
        Assert.Equal(0, await drain.ExitAsync());

        Assert.Equal(0, await node.ExitAsync());
        Assert.Contains("drained", node.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await running.Task.WaitAsync(Guard.Longest)).Index);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Jobs_OfADurablePool_AreListedRetriedAndDeleted()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync(withStore: true);
        await cluster.StartNodeAsync(1);
        var options = new PoolOptions { DurableName = "pool", Acknowledgment = ResultAcknowledgment.Explicit };
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: options);
        var failed = pool.ApplyAsync(Fail, 1, new JobOptions { Key = "broken" });
        await Assert.ThrowsAnyAsync<Exception>(() => failed.Task.WaitAsync(Guard.Longest));

        using var listed = JsonDocument.Parse(await RunAsync(0, "list", "pool", "--json"));
        var only = Assert.Single(listed.RootElement.EnumerateArray());
        Assert.Equal((failed.Id, "threw", "broken"), (only.GetProperty("id").GetInt64(), only.GetProperty("state").GetString(),
            only.GetProperty("key").GetString()));
        Assert.Contains("threw", await RunAsync(0, "list", "pool"), StringComparison.Ordinal);
        Assert.Equal("1 runs again", await RunAsync(0, "retry", "pool", "1"));
        await cluster.UntilAsync(() => RunAsync(0, "list", "pool", "--json").Result.Contains("threw", StringComparison.Ordinal));
        Assert.Equal("1 deleted\n7 is unchanged", await RunAsync(1, "delete", "pool", "1", "7"));
        Assert.Equal("[]", await RunAsync(0, "list", "pool", "--json"));
        Assert.Contains("no durable pool 'other'", await RunAsync(1, "list", "other"), StringComparison.Ordinal);

        async Task<string> RunAsync(int exitCode, string command, params string[] arguments)
        {
            var run = cluster.Run(Builds.Tool, ["jobs", command, .. arguments, "--connect", cluster.Address]);
            Assert.Equal(exitCode, await run.ExitAsync());
            return run.Output + run.Errors;
        }
    }

    private static int Fail(int number) => throw new FormatException($"{number} is broken");
}
