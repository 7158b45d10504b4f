using Actors.Cli.Operating;
using Actors.Cli.Tests.Running;
using Actors.Programs;

namespace Actors.Cli.Tests;

/// <summary>Commands against a real coordinator in this process.</summary>
public sealed class ClusterCommandTests(RunningCluster cluster) : IClassFixture<RunningCluster>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Status_RunningCoordinator_AnswersItsVersion()
    {
        var status = (await cluster.RunAsync("status", "--json")).ReadJson();

        var coordinator = Assert.Single(status.GetProperty("coordinators").EnumerateArray());
        Assert.True(coordinator.GetProperty("isReachable").GetBoolean());
        Assert.Equal(cluster.Address, coordinator.GetProperty("address").GetString());
        Assert.True(coordinator.GetProperty("version").GetInt32() > 0);
    }

    [Fact]
    public async Task Status_OneOfTwoCoordinatorsIsMissing_ExitsWithOneAndNamesIt()
    {
        var missing = $"127.0.0.1:{RunningCluster.FindFreePort()}";

        var run = await Tool.RunAsync("status", "--connect", $"{cluster.Address},{missing}", "--timeout", "0.5", "--json");

        var coordinators = run.ReadJson(ExitCode.Failure).GetProperty("coordinators").EnumerateArray().ToList();
        Assert.Equal([true, false], coordinators.Select(coordinator => coordinator.GetProperty("isReachable").GetBoolean()));
        Assert.Contains(missing, coordinators[1].GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_NoCoordinator_ExitsWithThreeAndTheRemedy()
    {
        var port = RunningCluster.FindFreePort();

        var run = await Tool.RunAsync("nodes", "--connect", $"127.0.0.1:{port}", "--timeout", "0.2");

        run.RequireFailure(ExitCode.Unreachable, $"Start one with: actors coordinator --port {port}.");
    }

    [Fact]
    public async Task Status_AnotherKey_ExitsWithThreeAndTheRemedy()
    {
        var key = TestFiles.GetPath("other-key");
        await File.WriteAllTextAsync(key, "a good long secret of another cluster\n");

        var run = await cluster.RunAsync("nodes", "--key-file", key);

        run.RequireFailure(ExitCode.Unreachable, "Access denied by the coordinator");
    }

    [Fact]
    public async Task Doctor_Coordinators_NamesTheFaultOfEach()
    {
        var missing = $"127.0.0.1:{RunningCluster.FindFreePort()}";
        var key = TestFiles.GetPath("foreign-key");
        await File.WriteAllTextAsync(key, "a good long secret of another cluster\n");

        var reached = (await Tool.RunAsync("doctor", "--json", "--connect", cluster.Address)).ReadJson();
        var missed = (await Tool.RunAsync("doctor", "--json", "--connect", missing, "--timeout", "0.5")).ReadJson(ExitCode.Failure);
        var refused = (await Tool.RunAsync("doctor", "--json", "--connect", cluster.Address, "--key-file", key))
            .ReadJson(ExitCode.Failure);

        Assert.Matches(
            "^(passed: answers; worker nodes: |warning: It answers, and has no worker nodes)",
            DoctorTests.FindMessage(reached, $"coordinator {cluster.Address}"));
        Assert.Contains(
            "Start one with: actors coordinator --port", DoctorTests.FindMessage(missed, $"coordinator {missing}"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "problem: Access denied by the coordinator", DoctorTests.FindMessage(refused, $"coordinator {cluster.Address}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_JoinedNode_EndsItsProgram()
    {
        var node = cluster.RunNodeAsync(CancellationToken.None);
        string? name = null;
        while (name is null)
        {
            Assert.False(node.IsCompleted);
            name = (await cluster.RunAsync("nodes", "--json")).ReadJson().EnumerateArray()
                .Select(listed => listed.GetProperty("name").GetString()).FirstOrDefault();
        }

        (await cluster.RunAsync("drain", "somebody")).RequireFailure(ExitCode.Failure, name);
        Assert.Contains(name, (await cluster.RunAsync("nodes")).Answer, StringComparison.Ordinal);
        var drained = (await cluster.RunAsync("drain", name, "--json")).ReadJson();

        Assert.Equal((name, true), (drained.GetProperty("node").GetString(), drained.GetProperty("hasLeft").GetBoolean()));
        Assert.Equal(0, (await node.WaitAsync(Longest)).ExitCode);
        Assert.Empty((await cluster.RunAsync("nodes", "--json")).ReadJson().EnumerateArray());
    }

    [Fact]
    public async Task Jobs_PendingJobOfADurablePool_IsListedCanceledAndDeleted()
    {
        var options = new PoolOptions { DurableName = "invoices", Acknowledgment = ResultAcknowledgment.Explicit };
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: options);
        var job = await pool.SubmitAsync(AddNumbers, 1, 2, new JobOptions { Key = "first" });

        var listed = Assert.Single((await cluster.RunAsync("jobs", "list", "invoices", "--json")).ReadJson().EnumerateArray());
        Assert.Equal((job.Id, "pending", "first"), (listed.GetProperty("id").GetInt64(), listed.GetProperty("state").GetString(),
            listed.GetProperty("key").GetString()));
        var shown = (await cluster.RunAsync("jobs", "show", "invoices", $"{job.Id}", "--json")).ReadJson();
        Assert.Equal((job.Id, "pending"), (shown.GetProperty("id").GetInt64(), shown.GetProperty("state").GetString()));
        Assert.StartsWith(
            $"id: {job.Id}\nstate: pending\n", (await cluster.RunAsync("jobs", "show", "invoices", $"{job.Id}")).Answer,
            StringComparison.Ordinal);
        (await cluster.RunAsync("jobs", "show", "invoices", "77")).RequireFailure(ExitCode.Failure, "does not know job 77");
        Assert.Equal($"{job.Id} canceled\n", (await cluster.RunAsync("jobs", "cancel", "invoices", $"{job.Id}")).Answer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Task.WaitAsync(Longest));
        Assert.Contains("cancel", (await cluster.RunAsync("jobs", "list", "invoices")).Answer, StringComparison.Ordinal);

        var deleted = (await cluster.RunAsync("jobs", "delete", "invoices", $"{job.Id}", "77", "--json")).ReadJson(ExitCode.Failure);
        Assert.Equal(
            [(job.Id, true), (77, false)],
            deleted.EnumerateArray().Select(one => (one.GetProperty("id").GetInt64(), one.GetProperty("isChanged").GetBoolean())));
        Assert.Empty((await cluster.RunAsync("jobs", "list", "invoices", "--json")).ReadJson().EnumerateArray());
    }

    [Fact]
    public async Task Jobs_UnknownPool_FailsAndNamesIt() => (await cluster.RunAsync("jobs", "list", "nobody")).RequireFailure(
        ExitCode.Failure, "There is no durable pool 'nobody'.");

    [Fact]
    public async Task ClosePools_DurablePool_ClosesItAndCancelsItsJobsOnRequest()
    {
        await using var pool = await ProcessPool.StartAsync(
            connect: cluster.Address, options: new PoolOptions { DurableName = "closing" });
        var job = await pool.SubmitAsync(AddNumbers, 1, 2);

        Assert.Equal("closing is closed\n", (await cluster.RunAsync("pools", "close", "closing")).Answer);
        Assert.False(job.Task.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pool.SubmitAsync(AddNumbers, 1, 2).WaitAsync(Longest));
        var canceled = (await Tool.RunAsync("pools", "--connect", cluster.Address, "close", "closing", "--cancel-pending", "--json"))
            .ReadJson();

        Assert.Equal(
            ("closing", true, true),
            (canceled.GetProperty("pool").GetString(), canceled.GetProperty("isClosed").GetBoolean(),
                canceled.GetProperty("arePendingCanceled").GetBoolean()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Task.WaitAsync(Longest));
    }

    [Fact]
    public async Task ClosePools_UnknownPool_FailsAndNamesIt() => (await cluster.RunAsync("pools", "close", "nobody")).RequireFailure(
        ExitCode.Failure, "There is no durable pool 'nobody'.");

    [Fact]
    public void RequireAnswer_AnotherType_NamesTheRemedy() => Assert.Contains(
        "answered String instead of Int32. Use the same release for both.",
        Assert.Throws<InvalidOperationException>(() => OperatorSession.RequireAnswer<int>("text")).Message, StringComparison.Ordinal);

    private static int AddNumbers(int one, int other) => one + other;
}
