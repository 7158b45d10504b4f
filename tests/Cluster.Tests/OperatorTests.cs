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

        var nodes = cluster.Run("Actors.Coordinator.dll", "nodes", "--json", "--connect", cluster.Address);
        Assert.Equal(0, await nodes.ExitAsync());
        using var listed = JsonDocument.Parse(nodes.Output);
        var only = Assert.Single(listed.RootElement.EnumerateArray());
        Assert.Equal((1, 1, false), (only.GetProperty("workers").GetInt32(), only.GetProperty("atMost").GetInt32(),
            only.GetProperty("isDraining").GetBoolean()));
        var name = only.GetProperty("name").GetString()!;
        var table = cluster.Run("Actors.Coordinator.dll", "nodes", "--connect", cluster.Address);
        Assert.Equal(0, await table.ExitAsync());
        Assert.Contains(name, table.Output, StringComparison.Ordinal);
        var unknown = cluster.Run("Actors.Coordinator.dll", "drain", "somebody", "--connect", cluster.Address);
        Assert.Equal(1, await unknown.ExitAsync());
        Assert.Contains(name, unknown.Errors, StringComparison.Ordinal);

        var drain = cluster.Run("Actors.Coordinator.dll", "drain", name, "--connect", cluster.Address);
        Assert.Equal(0, await drain.ExitAsync());

        Assert.Equal(0, await node.ExitAsync());
        Assert.Contains("drained", node.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await running.Task.WaitAsync(Guard.Longest)).Index);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Nodes_NoCoordinator_ExitsWithAMessage()
    {
        await using var cluster = new TestCluster();

        var nodes = cluster.Run("Actors.Coordinator.dll", "nodes", "--connect", cluster.Address);

        Assert.Equal(1, await nodes.ExitAsync());
        Assert.Contains(cluster.Address, nodes.Errors, StringComparison.Ordinal);
    }
}
