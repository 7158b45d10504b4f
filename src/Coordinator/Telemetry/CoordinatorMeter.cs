using System.Diagnostics.Metrics;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;

namespace Actors.Coordinator.Telemetry;

/// <summary>
/// The instruments of one coordinator. They are computed from the reports of pools and nodes when a listener asks. Gauges of a pool exist
/// while the pool is loaded; counters continue after its end. Thread-safe.
/// </summary>
internal sealed class CoordinatorMeter : IDisposable
{
    /// <summary>The number of pool names with counters. Clients choose the names.</summary>
    private const int MaxPools = 100;

    private static readonly string[] Statuses = ActorsTelemetry.GetTagValues<JobStatus>();
    private static readonly string[] Reasons = ActorsTelemetry.GetTagValues<ExecutorExitReason>();

    private readonly Lock _lock = new();
    private readonly Dictionary<PoolId, PoolReport> _pools = [];
    private readonly TagLimit<string> _names = new(MaxPools);
    private readonly long[] _ended = new long[Statuses.Length];
    private readonly Dictionary<string, long[]> _restarts = [];
    private long _refused;
    private NodesReport _nodes = new(0, 0);

    public CoordinatorMeter()
    {
        AddPoolGauge("actors.jobs.waiting", "{job}", "Jobs that wait for a worker.", figures => figures.Waiting);
        AddPoolGauge("actors.jobs.running", "{job}", "Jobs that run.", figures => figures.Running);
        AddPoolGauge(
            "actors.jobs.held", "{job}", "Jobs that workers hold: each worker runs one, the others are prefetched.",
            figures => figures.Held);
        AddPoolGauge("actors.workers", "{worker}", "Workers.", figures => figures.Executors);
        Meter.CreateObservableUpDownCounter<long>("actors.pools", () => Read(CountPools), "{pool}", "Pools of this coordinator.");
        Meter.CreateObservableUpDownCounter<long>(
            "actors.nodes", () => Read(() => _nodes.Nodes), "{node}", "Worker nodes that have a session with this coordinator.");
        Meter.CreateObservableUpDownCounter<long>(
            "actors.slots", () => Read(() => _nodes.Slots), "{worker}", "Workers that these nodes offer.");
        Meter.CreateObservableCounter(
            "actors.jobs.ended", () => Read(MeasureEnded), "{job}", "Ended jobs of all pools, by status.");
        Meter.CreateObservableCounter(
            "actors.worker.restarts", () => Read(MeasureRestarts), "{worker}", "Workers that ended while their pool was open, by reason.");
        Meter.CreateObservableCounter(
            "actors.completions.refused", () => Read(() => _refused), "{result}",
            "Results that arrived too late, from workers that had been replaced.");
    }

    /// <summary>The meter of these instruments.</summary>
    public Meter Meter { get; } = new(ActorsTelemetry.Name);

    /// <summary>Applies the report of a pool. A durable pool has one for each build of the program, with the same name.</summary>
    public void UpdateFrom(PoolReport report)
    {
        lock (_lock)
        {
            var before = _pools.GetValueOrDefault(report.Pool);
            AddIncrease(_ended, report.Ended, before?.Ended);
            AddIncrease(GetRestarts(report.Name), report.Restarts, before?.Restarts);
            _refused += Math.Max(0, report.Refused - (before?.Refused ?? 0));
            if (report.IsEnded)
                _pools.Remove(report.Pool);
            else
                _pools[report.Pool] = report;
        }
    }

    /// <summary>Applies the report of the worker nodes.</summary>
    public void UpdateFrom(NodesReport report)
    {
        lock (_lock)
            _nodes = report;
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void AddPoolGauge(string name, string unit, string description, Func<PoolFigures, int> measure) =>
        Meter.CreateObservableUpDownCounter(name, () => Read(() => MeasurePools(measure)), unit, description);

    private List<Measurement<long>> MeasurePools(Func<PoolFigures, int> measure) =>
    [
        .. from pool in _pools.Values
           group (long)measure(pool.Figures) by pool.Name into values
           select new Measurement<long>(values.Sum(), KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, values.Key)),
    ];

    private int CountPools() =>
        _pools.Values.Select(pool => pool.IsDurable ? pool.Name : $"{pool.Pool}").Distinct().Count();

    /// <summary>
    /// All statuses have a value from the start. Otherwise the first job that ends with one would not count as an increase.
    /// </summary>
    private List<Measurement<long>> MeasureEnded() =>
    [
        .. _ended.Select((count, status) =>
            new Measurement<long>(count, KeyValuePair.Create<string, object?>(ActorsTelemetry.StatusTag, Statuses[status]))),
    ];

    private List<Measurement<long>> MeasureRestarts() =>
    [
        .. from pool in _restarts
           from reason in Enumerable.Range(0, Reasons.Length)
           select new Measurement<long>(
               pool.Value[reason], KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, pool.Key),
               KeyValuePair.Create<string, object?>(ActorsTelemetry.ReasonTag, Reasons[reason])),
    ];

    private long[] GetRestarts(string pool)
    {
        pool = _names.Admits(pool) ? pool : ActorsTelemetry.OtherValue;
        if (!_restarts.TryGetValue(pool, out var counts))
            _restarts[pool] = counts = new long[Reasons.Length];
        return counts;
    }

    private T Read<T>(Func<T> measure)
    {
        lock (_lock)
            return measure();
    }

    private static void AddIncrease(long[] totals, IReadOnlyList<long> counts, IReadOnlyList<long>? before)
    {
        for (var i = 0; i < counts.Count; i++)
            totals[i] += Math.Max(0, counts[i] - (before?[i] ?? 0));
    }
}
