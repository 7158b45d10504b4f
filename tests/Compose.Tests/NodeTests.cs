using System.Net.Sockets;
using Actors.Compose.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Compose.Tests;

/// <summary>Worker nodes join, stop and are killed while jobs run.</summary>
[Collection(ComposeCollection.Name)]
public sealed class NodeTests(ComposeCluster cluster, ITestOutputHelper output)
{
    [ComposeFact]
    public async Task Node_Killed_JobsRunOnAnotherNodeWithinTwoSeconds()
    {
        await cluster.RepairAsync();
        await using var pool = await ProcessPool.StartAsync(connect: ComposeCluster.Address);
        var nodes = await cluster.NodesAsync();
        var jobs = Enumerable.Range(0, 400).Select(_ => pool.ApplyAsync(Work)).ToList();
        await Eventually.HoldsAsync("the node to be killed runs jobs", 60, () =>
            Task.FromResult(jobs.Any(job => job.Task.IsCompletedSuccessfully && job.Task.Result.Node == nodes[0].HostName)));

        var killed = DateTime.UtcNow;
        await nodes[0].KillAsync();
        await Task.WhenAll(jobs.Select(job => job.Task));

        var again = jobs.Where(job => job.Attempts > 1).Min(job => job.Task.Result.Began) - killed;
        output.WriteLine($"From kill -9 of a node to the retry of its first job: {again.TotalMilliseconds:0} ms.");
        Assert.InRange(again, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [ComposeFact]
    public async Task Nodes_Added_RunJobsOfARunningBatch()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var coordinators = await Task.WhenAll((await cluster.CoordinatorsAsync()).Select(coordinator => coordinator.StartedAsync()));

        await cluster.ScaleAsync(4);

        await Eventually.HoldsAsync(
            "all four nodes run jobs of the batch", 120, async () => (await cluster.NodesAsync()).Count(batch.HasRunOn) == 4);
        await batch.FinishAsync();
        Assert.Equal(
            coordinators, await Task.WhenAll((await cluster.CoordinatorsAsync()).Select(coordinator => coordinator.StartedAsync())));
    }

    [ComposeFact]
    public async Task Node_Stopped_FinishesItsRunningJobs()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var nodes = await cluster.NodesAsync();
        await Eventually.HoldsAsync("both nodes run jobs of the batch", 60, () => Task.FromResult(nodes.All(batch.HasRunOn)));
        var words = nodes.Select(node => Command.RunAsync("docker", "logs", "-f", node.Id)).ToList();

        await cluster.ScaleAsync(1);

        Assert.Contains("drained", await await Task.WhenAny(words), StringComparison.Ordinal);
        await batch.NextAsync();
        Assert.All(await batch.FinishAsync(), job => Assert.Equal(1, job.Attempts));
    }

    [ComposeFact]
    public async Task Node_PausedOrDisconnected_BatchContinues()
    {
        await using var batch = await RecordedBatch.StartAsync(cluster);
        var nodes = await cluster.NodesAsync();

        await nodes[0].PauseAsync();
        await LostAsync(nodes[0]);
        await batch.NextAsync();
        await nodes[0].ResumeAsync();
        await cluster.DisconnectAsync(nodes[1]);
        await LostAsync(nodes[1]);
        await batch.NextAsync();
        await cluster.ReconnectAsync(nodes[1]);

        await batch.FinishAsync();

        Task LostAsync(Container node) => Eventually.HoldsAsync("the node is removed", 30, () =>
            Task.FromResult(batch.Pool.Workers.All(executor => !executor.Node.Contains(node.HostName, StringComparison.Ordinal))));
    }

    /// <summary>A job could change the code that workers of other nodes run, or read their arguments.</summary>
    [ComposeFact]
    public async Task File_OfAJobInTheCacheOfItsNode_IsOnThatNodeOnly()
    {
        await cluster.RepairAsync();
        await using var pool = await ProcessPool.StartAsync(connect: ComposeCluster.Address);
        var path = $"/var/lib/actors/{Guid.NewGuid():N}";

        var writer = await pool.ApplyAsync(WriteFile, path).Task;

        foreach (var node in await cluster.NodesAsync())
        {
            var code = await Command.RunAsync("docker", "exec", node.Id, "sh", "-c", $"test -e {path} && echo exists || echo missing");
            Assert.Equal(node.HostName == writer ? "exists" : "missing", code.Trim());
        }
    }

    /// <summary>Jobs of other programs run on the nodes, and could use all connections of the database.</summary>
    [ComposeFact]
    public async Task Database_ConnectedByAJob_IsNotReached()
    {
        await cluster.RepairAsync();
        await using var pool = await ProcessPool.StartAsync(connect: ComposeCluster.Address);
        string[] hosts = ["postgres", .. await (await cluster.OneAsync("postgres")).AddressesAsync()];

        foreach (var host in hosts)
            Assert.False(await pool.ApplyAsync(Connects, host, 5432).Task, host);
        Assert.True(await pool.ApplyAsync(Connects, "coordinator1", 4051).Task);
    }

    private static string WriteFile(string path)
    {
        File.WriteAllText(path, "");
        return Environment.MachineName;
    }

    private static bool Connects(string host, int port)
    {
        using var client = new TcpClient();
        try
        {
            return client.ConnectAsync(host, port).Wait(TimeSpan.FromSeconds(5));
        }
        catch (AggregateException)
        {
            return false;
        }
    }

    private static Run Work()
    {
        var began = DateTime.UtcNow;
        Thread.Sleep(20);
        return new Run(Environment.MachineName, began);
    }

    private sealed record Run(string Node, DateTime Began);
}
