using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Prometheus;

namespace Actors.Coordinator.Http;

/// <summary>
/// The Prometheus metrics of one coordinator. The gauges of a pool exist while the pool is loaded. One thread at a time updates them; any
/// thread may read.
/// </summary>
internal sealed class CoordinatorMetrics
{
    public const string ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;

    private static readonly string[] OfPool = ["pool"];
    private static readonly JobStatus[] Statuses = Enum.GetValues<JobStatus>();

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Gauge _waiting;
    private readonly Gauge _held;
    private readonly Gauge _executors;
    private readonly Gauge _pools;
    private readonly Gauge _nodes;
    private readonly Gauge _slots;
    private readonly Counter _ended;
    private readonly Counter _refused;
    private readonly Dictionary<PoolId, PoolReport> _last = [];

    public CoordinatorMetrics()
    {
        var make = Metrics.WithCustomRegistry(_registry);
        DotNetStats.Register(_registry);
        _waiting = make.CreateGauge("actors_jobs_waiting", "Jobs that wait for a worker.", OfPool);
        _held = make.CreateGauge("actors_jobs_held", "Jobs that workers hold: each worker runs one, the others are prefetched.", OfPool);
        _executors = make.CreateGauge("actors_workers", "Workers.", OfPool);
        _pools = make.CreateGauge("actors_pools", "Pools of this coordinator.");
        _nodes = make.CreateGauge("actors_nodes", "Worker nodes that have a session with this coordinator.");
        _slots = make.CreateGauge("actors_slots", "Workers that these nodes offer.");
        _ended = make.CreateCounter("actors_jobs_ended_total", "Ended jobs of all pools, by status.", "status");
        _refused = make.CreateCounter(
            "actors_completions_refused_total", "Results that arrived too late, from workers that had been replaced.");
        foreach (var status in Statuses)
            _ended.WithLabels(NameOf(status));
    }

    /// <summary>Writes the metrics in the text format of Prometheus.</summary>
    public Task WriteMetricsAsync(Stream to, CancellationToken cancellationToken) =>
        _registry.CollectAndExportAsTextAsync(to, cancellationToken);

    /// <summary>Applies the report of a pool. A durable pool has one for each build of the program, with the same name.</summary>
    public void UpdateFrom(PoolReport report)
    {
        var before = _last.GetValueOrDefault(report.Pool);
        foreach (var status in Statuses)
            _ended.WithLabels(NameOf(status)).Inc(Math.Max(0, report.CountEnded(status) - (before?.CountEnded(status) ?? 0)));
        _refused.Inc(Math.Max(0, report.Refused - (before?.Refused ?? 0)));
        if (report.IsEnded)
            _last.Remove(report.Pool);
        else
            _last[report.Pool] = report;
        SetGauges(report.Name);
        _pools.Set(_last.Values.Select(pool => pool.Name).Distinct().Count());
    }

    private void SetGauges(string name)
    {
        var reports = _last.Values.Where(report => report.Name == name).ToList();
        if (reports.Count == 0)
        {
            foreach (var gauge in (Gauge[])[_waiting, _held, _executors])
                gauge.RemoveLabelled(name);
            return;
        }

        _waiting.WithLabels(name).Set(reports.Sum(report => report.Waiting));
        _held.WithLabels(name).Set(reports.Sum(report => report.Held));
        _executors.WithLabels(name).Set(reports.Sum(report => report.Executors));
    }

    /// <summary>Applies the report of the worker nodes.</summary>
    public void UpdateFrom(NodesReport report)
    {
        _nodes.Set(report.Nodes);
        _slots.Set(report.Slots);
    }

    private static string NameOf(JobStatus status) => $"{status}".ToLowerInvariant();
}
