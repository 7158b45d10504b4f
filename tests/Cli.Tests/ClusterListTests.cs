using System.Text.Json;
using Actors.Cli.Operating;
using Actors.Cli.Tests.Running;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Programs;

namespace Actors.Cli.Tests;

/// <summary>The commands that list pools and objects, against a real coordinator in this process.</summary>
public sealed class ClusterListTests(RunningCluster cluster) : IClassFixture<RunningCluster>
{
    [Fact(Timeout = 60_000)]
    public async Task Pools_WaitingJob_IsCountedByTheNameOfThePool()
    {
        await using var pool = await ProcessPool.StartAsync(3, cluster.Address, new PoolOptions { Name = "reports" });
        var job = pool.ApplyAsync(AddNumbers, 1, 2);
        await job.Accepted;

        JsonElement listed;
        // A pool reports its figures about once per second.
        do
        {
            listed = (await cluster.RunAsync("pools", "--json")).ReadJson().EnumerateArray()
                .Single(one => one.GetProperty("name").GetString() == "reports");
        }
        while (listed.GetProperty("waiting").GetInt32() == 0);

        Assert.Equal(
            (false, 3, 0, 1), (listed.GetProperty("isDurable").GetBoolean(), listed.GetProperty("requested").GetInt32(),
                listed.GetProperty("workers").GetInt32(), listed.GetProperty("waiting").GetInt32()));
        Assert.Contains("0 of 3", (await cluster.RunAsync("pools")).Answer, StringComparison.Ordinal);
        await pool.TerminateAsync();
        Assert.DoesNotContain("reports", (await cluster.RunAsync("pools")).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queues_BoundedQueue_ShowsItemsAndCapacityAndNoValues()
    {
        await using var manager = await Manager.ConnectAsync(cluster.Address);
        var queue = await manager.CreateQueueAsync<string>(5);
        await manager.PublishAsync("orders", queue);
        await queue.PutAsync("secret value");
        await queue.PutAsync("other");

        var run = await cluster.RunAsync("queues", "--json");

        var listed = run.ReadJson().EnumerateArray().Single(one => one.GetProperty("name").GetString() == "orders");
        Assert.Equal(
            ("queue", 2, 5, 0), (listed.GetProperty("kind").GetString(), listed.GetProperty("items").GetInt64(),
                listed.GetProperty("capacity").GetInt64(), listed.GetProperty("waitingGets").GetInt32()));
        Assert.False(listed.GetProperty("isDurable").GetBoolean());
        Assert.DoesNotContain("secret", run.Answer, StringComparison.Ordinal);
        Assert.Contains("orders", (await cluster.RunAsync("queues")).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queues_DurableQueue_ShowsItsNameAndItems()
    {
        await using var manager = await Manager.ConnectAsync(cluster.Address);
        var queue = await manager.OpenQueueAsync<string>("invoices");
        await queue.PutAsync("secret value");
        await queue.PutAsync("other");

        var run = await cluster.RunAsync("queues", "--json");

        var listed = run.ReadJson().EnumerateArray().Single(one => one.GetProperty("name").GetString() == "invoices");
        Assert.Equal((true, 2), (listed.GetProperty("isDurable").GetBoolean(), listed.GetProperty("items").GetInt64()));
        Assert.DoesNotContain("secret", run.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locks_HeldLock_ShowsTheProgramOfTheHolder()
    {
        await using var manager = await Manager.ConnectAsync(cluster.Address);
        var held = await manager.CreateLockAsync();
        await manager.CreateReentrantLockAsync();
        await held.AcquireAsync();

        var locks = (await cluster.RunAsync("locks", "--json")).ReadJson().EnumerateArray().ToList();

        Assert.Equal(["lock", "reentrantLock"], locks.Select(one => one.GetProperty("kind").GetString()).Order());
        Assert.Equal(
            [null, true], locks.Select(one => one.GetProperty("holder").GetString()?.StartsWith("127.0.0.1:", StringComparison.Ordinal))
                .Order());
        Assert.Contains("free", (await cluster.RunAsync("locks")).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_TwoSamplesAsJson_WritesALineForEach()
    {
        var run = await cluster.RunAsync("top", "--json", "--count", "2", "--interval", "0.1");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(2, run.Answer.TrimEnd().Split('\n').Count(line => line.StartsWith("{\"at\":", StringComparison.Ordinal)));
        var text = (await cluster.RunAsync("top", "--count", "1")).Answer;
        Assert.StartsWith("nodes: 0, workers in use: 0 of 0, jobs/s: 0.0", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pools_OneOfTwoCoordinatorsIsMissing_ListsTheOthersAndExitsWithOne()
    {
        var missing = $"127.0.0.1:{RunningCluster.FindFreePort()}";

        var run = await Tool.RunAsync("pools", "--connect", $"{cluster.Address},{missing}", "--timeout", "0.5", "--json");

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.StartsWith("[", run.Answer, StringComparison.Ordinal);
        Assert.Contains($"No coordinator answers at {missing}", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPools_BuildsOfADurablePool_AreOneRow()
    {
        PoolInfo[] pools =
        [
            new(PoolId.New(), "b", IsDurable: true, Requested: 4, Workers: 1, Waiting: 2, Held: 3, Ended: [5, 1]),
            new(PoolId.New(), "b", IsDurable: true, Requested: 4, Workers: 2, Waiting: 0, Held: 1, Ended: [7]),
            new(PoolId.New(), "a", IsDurable: false, Requested: 0, Workers: 0, Waiting: 0, Held: 0, Ended: []),
        ];

        Assert.Equal(
            [new PoolRow("a", false, 0, 0, 0, 0, 0, 0), new PoolRow("b", true, 3, 4, 2, 4, 12, 1)], PoolRow.FromPools(pools));
    }

    [Fact]
    public void CreateNext_EndedJobsSinceThePreviousSample_AreTheRate()
    {
        var first = ClusterSample.CreateNext(null, TimeSpan.FromSeconds(1), [], [CreateRow("a", 10), CreateRow("gone", 1)], []);
        var second = ClusterSample.CreateNext(
            first, TimeSpan.FromSeconds(3), [], [CreateRow("a", 40), CreateRow("new", 100), CreateRow("moved", 0)], []);
        var third = ClusterSample.CreateNext(second, TimeSpan.FromSeconds(4), [], [CreateRow("new", 90)], []);

        Assert.Equal(0, first.JobsPerSecond);
        Assert.Equal([15.0, 0, 0], second.Pools.Select(pool => pool.JobsPerSecond));
        Assert.Equal(0, third.JobsPerSecond);
    }

    [Fact]
    public void MergeAnswers_NodeOfTwoCoordinators_HasTheWorkersOfBoth()
    {
        NodeInfo[] first = [new("n", 4, 1, false, "")];
        NodeInfo[] second = [new("n", 4, 2, true, ""), new("m", 1, 0, false, "gpu")];

        var merged = NodeRow.MergeAnswers([first, second]);

        Assert.Equal([new NodeRow("m", 0, 1, "gpu", false), new NodeRow("n", 3, 4, "", true)], merged);
    }

    private static PoolRow CreateRow(string name, long ended) => new(name, false, 1, 1, 0, 0, ended, 0);

    private static int AddNumbers(int one, int other) => one + other;
}
