using System.Diagnostics;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>
/// The spans, metrics and log events that the programs of a cluster export. Alone: other tests have listeners in this client.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class TraceTests(TraceTests.ExportingCluster programs) : IClassFixture<TraceTests.ExportingCluster>
{
    private const string Coordinator = "actors-coordinator";
    private const string Node = "actors-worker-node";

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_ClientTraces_SpansOfCoordinatorAndNodeAreBelowTheSubmission()
    {
        using var spans = new RecordedSpans("traced");
        await using var pool = await programs.OpenPoolAsync("traced");

        var (trace, parent, worker) = await pool.ApplyAsync(DescribeWorker);
        var exported = await programs.AwaitSpansAsync("traced", 2);

        var submit = Assert.Single(spans.Ended);
        var (dispatch, run) = (exported.Single(span => span.Service == Coordinator), exported.Single(span => span.Service == Node));
        Assert.All(exported, span => Assert.Equal((submit.TraceId.ToString(), submit.SpanId.ToString()), (span.Trace, span.Parent)));
        Assert.Equal((run.Trace, run.Id), (trace, parent));
        Assert.Equal(ExportedSpan.Internal, dispatch.Kind);
        Assert.Equal(ExportedSpan.Consumer, run.Kind);
        Assert.Equal(submit.DisplayName.Replace("submit ", "dispatch ", StringComparison.Ordinal), dispatch.Name);
        Assert.Equal(submit.DisplayName.Replace("submit ", "run ", StringComparison.Ordinal), run.Name);
        Assert.Equal($"{worker}", run.Attributes["process.pid"]);
        Assert.All(exported, span => Assert.Equal(pool.Workers[0].Node, span.Attributes["actors.node"]));
        Assert.All(exported, span => Assert.Equal("1", span.Attributes["actors.attempt"]));
        Assert.Equal(("actors", "process"), (run.Attributes["messaging.system"], run.Attributes["messaging.operation.type"]));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_JobWaitsForAnother_DispatchLastsAsLongAsTheRunOfTheOther()
    {
        await using var pool = await programs.OpenPoolAsync("waiting");

        await Task.WhenAll(pool.ApplyAsync(Functions.Sleep, TimeSpan.FromMilliseconds(300), JobOptions.AtMostOnce).Task,
            pool.ApplyAsync(Functions.Sleep, TimeSpan.FromMilliseconds(1), JobOptions.AtMostOnce).Task);
        var exported = await programs.AwaitSpansAsync("waiting", 6);

        var waits = exported.Where(IsNamed("dispatch ")).Select(Measure).ToList();
        var runs = exported.Where(IsNamed("run ")).Select(Measure).ToList();
        Assert.Equal(2, waits.Count);
        Assert.InRange(waits.Max(), 0.29, 30);
        Assert.InRange(runs[0], 0.29, 30);
        Assert.InRange(runs[1], 0.0005, 0.29);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_ClientDoesNotTrace_AcceptanceIsTheRootOfAllAttempts()
    {
        await using var pool = await programs.OpenPoolAsync("lost");

        await Assert.ThrowsAsync<WorkerLostException>(async () => await pool.ApplyAsync(ExitAtOnce, new JobOptions { MaxAttempts = 2 }));
        var exported = await programs.AwaitSpansAsync("lost", 5);

        var root = exported.Single(IsNamed("accept "));
        var runs = exported.Where(IsNamed("run ")).ToList();
        Assert.Equal((Coordinator, "", ExportedSpan.Producer), (root.Service, root.Parent, (int)root.Kind));
        Assert.All(exported.Except([root]), span => Assert.Equal((root.Trace, root.Id), (span.Trace, span.Parent)));
        Assert.Equal(["1", "2"], runs.Select(run => run.Attributes["actors.attempt"]));
        Assert.Equal(["1", "2"], exported.Where(IsNamed("dispatch ")).Select(span => span.Attributes["actors.attempt"]));
        Assert.All(runs, run => Assert.Equal((ExportedSpan.Error, "crashed"), ((int)run.Status, run.Attributes["error.type"])));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_JobThrows_RunHasTheTypeOfTheException()
    {
        await using var pool = await programs.OpenPoolAsync("failed");

        await Assert.ThrowsAsync<FormatException>(async () => await pool.ApplyAsync(Fail));
        var run = (await programs.AwaitSpansAsync("failed", 3)).Single(IsNamed("run "));

        Assert.Equal((ExportedSpan.Error, "System.FormatException"), ((int)run.Status, run.Attributes["error.type"]));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_Metrics_ContainThoseOfCoordinatorAndNode()
    {
        await using var pool = await programs.OpenPoolAsync("measured");
        await pool.ApplyAsync(Functions.Square, 2);

        await programs.Receiver.AwaitMetricsAsync(Coordinator, "actors.nodes");
        await programs.Receiver.AwaitMetricsAsync(Node, "actors.workers");
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_Logs_ContainTheEventsOfCoordinatorAndNode()
    {
        var member = await programs.Receiver.AwaitLogAsync(log => log.Text == "coordinator is a member of its cluster");
        var joined = await programs.Receiver.AwaitLogAsync(log => log.Text.StartsWith("joined ", StringComparison.Ordinal));

        Assert.Equal((Coordinator, "Actors.Coordinator"), (member.Service, member.Category));
        Assert.Equal(ExportedLog.Information, member.Severity);
        Assert.Equal((Node, "Actors.WorkerNode"), (joined.Service, joined.Category));
        Assert.Contains(joined.Attributes["Node"], joined.Text, StringComparison.Ordinal);
    }

    /// <summary>The end of a program does not wait for the interval of the export, and loses nothing.</summary>
    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_ProgramEnds_ItsLogsHaveArrived()
    {
        using var receiver = new OtlpReceiver();
        receiver.Variables["OTEL_BLRP_SCHEDULE_DELAY"] = "600000";
        await using var cluster = new TestCluster();
        var coordinator = cluster.RunWith(receiver.Variables, "Actors.Coordinator.dll", "--port", $"{cluster.Port}");
        await coordinator.SaysAsync("coordinator is a member");
        Assert.Empty(receiver.Logs);

        coordinator.Terminate();

        Assert.Equal(0, await coordinator.ExitAsync());
        Assert.Contains(receiver.Logs, log => log.Text == "coordinator is a member of its cluster");
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Export_LogLevelOfTheExportIsWarning_InformationIsOnlyOnTheConsole()
    {
        using var receiver = new OtlpReceiver();
        receiver.Variables["ACTORS_Logging__OpenTelemetry__LogLevel__Default"] = "Warning";
        await using var cluster = new TestCluster();
        var coordinator = cluster.RunWith(receiver.Variables, "Actors.Coordinator.dll", "--port", $"{cluster.Port}");
        await coordinator.SaysAsync("coordinator is a member");

        coordinator.Terminate();

        Assert.Equal(0, await coordinator.ExitAsync());
        Assert.DoesNotContain(receiver.Logs, log => log.Severity < ExportedLog.Warning);
        await receiver.AwaitMetricsAsync(Coordinator, "actors.nodes");
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Start_InvalidEndpoint_ExitsWithTwo()
    {
        await using var cluster = new TestCluster();

        var coordinator = cluster.RunWith(
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector" }, "Actors.Coordinator.dll", "--port", $"{cluster.Port}");

        Assert.Equal(2, await coordinator.ExitAsync());
        Assert.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT must be a URL", coordinator.Errors, StringComparison.Ordinal);
    }

    private static (string Trace, string Parent, int ProcessId) DescribeWorker() =>
        ($"{Activity.Current!.TraceId}", $"{Activity.Current.ParentSpanId}", Environment.ProcessId);

    private static void ExitAtOnce() => Environment.Exit(3);

    private static void Fail() => throw new FormatException("bad");

    private static Func<ExportedSpan, bool> IsNamed(string beginning) =>
        span => span.Name.StartsWith(beginning, StringComparison.Ordinal);

    private static double Measure(ExportedSpan span) => (span.End - span.Start) / 1e9;

    /// <summary>A coordinator and a node of one worker that export to a receiver in this process.</summary>
    public sealed class ExportingCluster : IAsyncLifetime
    {
        private readonly TestCluster _cluster = new();

        internal OtlpReceiver Receiver { get; } = new();

        internal Task<ProcessPool> OpenPoolAsync(string name) =>
            ProcessPool.StartAsync(processes: 1, connect: _cluster.Address, options: new PoolOptions { Name = name });

        internal Task<List<ExportedSpan>> AwaitSpansAsync(string pool, int count) =>
            Receiver.AwaitSpansAsync(span => span.Pool == pool, count);

        public async Task InitializeAsync()
        {
            var coordinator = _cluster.RunWith(Receiver.Variables, "Actors.Coordinator.dll", "--port", $"{_cluster.Port}");
            await coordinator.SaysAsync("coordinator listens");
            var node = _cluster.RunWith(
                Receiver.Variables, "Actors.WorkerNode.dll", "--join", _cluster.Address, "--processes", "1", "--cache",
                _cluster.CacheOf(1));
            await node.SaysAsync("joined");
        }

        public async Task DisposeAsync()
        {
            await _cluster.DisposeAsync();
            Receiver.Dispose();
        }
    }
}
