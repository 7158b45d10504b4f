using System.Diagnostics.Metrics;
using System.Text;
using Actors.AspNetCore;
using Actors.Coordinator.Http;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Telemetry;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Tests.Telemetry;

/// <summary>The figures of a coordinator, as Prometheus reads them.</summary>
public sealed class CoordinatorMeterTests : IDisposable
{
    private readonly CoordinatorMeter _coordinator = new();
    private readonly Meter _process = new("Actors");
    private readonly PrometheusExport _export;

    public CoordinatorMeterTests() => _export = CoordinatorMetrics.ExportMeters(_coordinator.Meter, _process);

    public void Dispose()
    {
        _export.Dispose();
        _coordinator.Dispose();
        _process.Dispose();
    }

    [Fact]
    public async Task Metrics_PoolIsLoaded_ShowItsLoad()
    {
        _coordinator.UpdateFrom(new NodesReport(Nodes: 2, Slots: 8));
        _coordinator.UpdateFrom(Report(PoolId.New(), new PoolFigures(Waiting: 7, Held: 3, Running: 2, Executors: 4)));
        _coordinator.UpdateFrom(Report(PoolId.New(), new PoolFigures(Waiting: 1, Held: 1, Running: 1, Executors: 1)));

        var lines = await ReadAsync();

        Assert.Subset(lines, new HashSet<string>
        {
            "actors_jobs_waiting{pool=\"reports\"} 8", "actors_jobs_held{pool=\"reports\"} 4", "actors_jobs_running{pool=\"reports\"} 3",
            "actors_workers{pool=\"reports\"} 5", "actors_pools 2", "actors_nodes 2", "actors_slots 8",
            "actors_jobs_ended_total{status=\"workerlost\"} 0", "actors_completions_refused_total 0",
            "# TYPE actors_jobs_waiting gauge", "# TYPE actors_jobs_ended_total counter",
        });
    }

    [Fact]
    public async Task Metrics_PoolHasEnded_KeepOnlyItsCounters()
    {
        var pool = PoolId.New();
        _coordinator.UpdateFrom(Report(pool, new PoolFigures(Waiting: 1, Held: 0, Running: 0, Executors: 1), succeeded: 2, crashed: 1));
        Assert.Contains("actors_jobs_waiting{pool=\"reports\"} 1", await ReadAsync());
        _coordinator.UpdateFrom(Report(pool, default, succeeded: 5, crashed: 1, isEnded: true));

        var lines = await ReadAsync();

        Assert.DoesNotContain(lines, line => line.StartsWith("actors_jobs_waiting{", StringComparison.Ordinal));
        Assert.Contains("actors_jobs_ended_total{status=\"succeeded\"} 5", lines);
        Assert.Contains("actors_worker_restarts_total{pool=\"reports\",reason=\"crashed\"} 1", lines);
        Assert.Contains("actors_pools 0", lines);
    }

    [Fact]
    public async Task Metrics_DurablePoolWithTwoBuilds_IsOnePool()
    {
        foreach (var build in new[] { PoolId.New(), PoolId.New() })
            _coordinator.UpdateFrom(Report(build, default) with { IsDurable = true });

        Assert.Contains("actors_pools 1", await ReadAsync());
    }

    [Fact]
    public async Task Metrics_ManyNames_CountTheLastPoolsAsOther()
    {
        for (var number = 0; number < 200; number++)
            _coordinator.UpdateFrom(Report(PoolId.New(), default, crashed: 1, isEnded: true) with { Name = $"pool {number}" });

        var lines = await ReadAsync();

        Assert.Contains("actors_worker_restarts_total{pool=\"other\",reason=\"crashed\"} 100", lines);
        Assert.Equal(101, lines.Count(line => line.StartsWith("actors_worker_restarts_total{", StringComparison.Ordinal)
            && line.Contains("crashed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Metrics_WaitingTimes_AreAHistogramInSeconds()
    {
        new JobWaits(_process).RecordWaits("reports", [new JobWait("Render", TimeSpan.FromSeconds(0.2))]);

        var lines = await ReadAsync();

        const string labels = "pool=\"reports\",function=\"Render\"";
        Assert.Contains($"actors_job_wait_duration_seconds_bucket{{{labels},le=\"0.1\"}} 0", lines);
        Assert.Contains($"actors_job_wait_duration_seconds_bucket{{{labels},le=\"0.25\"}} 1", lines);
        Assert.Contains($"actors_job_wait_duration_seconds_count{{{labels}}} 1", lines);
    }

    [Fact]
    public async Task Metrics_ReadAtTheSameTime_AreComplete()
    {
        _coordinator.UpdateFrom(Report(PoolId.New(), new PoolFigures(Waiting: 7, Held: 0, Running: 0, Executors: 0)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(ReadAsync)));

        Assert.All(answers, lines => Assert.Contains("actors_jobs_waiting{pool=\"reports\"} 7", lines));
    }

    private static PoolReport Report(PoolId pool, PoolFigures load, int succeeded = 0, int crashed = 0, bool isEnded = false)
    {
        var (ended, restarts) = (new long[Enum.GetValues<JobStatus>().Length], new long[Enum.GetValues<ExecutorExitReason>().Length]);
        (ended[(int)JobStatus.Succeeded], restarts[(int)ExecutorExitReason.Crashed]) = (succeeded, crashed);
        return new PoolReport(pool, "reports", false, load, [.. ended], [.. restarts], 0, isEnded);
    }

    private async Task<HashSet<string>> ReadAsync()
    {
        using var text = new MemoryStream();
        await _export.WriteMetricsAsync(text, CancellationToken.None);
        return [.. Encoding.UTF8.GetString(text.ToArray()).Split('\n')];
    }
}
