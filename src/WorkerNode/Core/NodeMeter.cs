using System.Diagnostics.Metrics;
using Actors.Messages.Executors;
using Actors.Messages.Telemetry;

namespace Actors.WorkerNode;

/// <summary>The instruments of a worker node. They outlive its sessions with coordinators. Thread-safe.</summary>
public sealed class NodeMeter : IDisposable
{
    /// <summary>The number of pool names with counters. Clients choose the names.</summary>
    private const int MaxPools = 100;

    private readonly Lock _lock = new();
    private readonly Meter _meter = new(ActorsTelemetry.Name);
    private readonly Dictionary<string, long> _workers = [];
    private readonly TagLimit<string> _names = new(MaxPools);
    private readonly Counter<long> _restarts;

    public NodeMeter()
    {
        _meter.CreateObservableUpDownCounter("actors.workers", MeasureWorkers, "{worker}", "Workers of this node.");
        _restarts = _meter.CreateCounter<long>(
            "actors.worker.restarts", "{worker}", "Workers that ended while this node ran them for a pool, by reason.");
    }

    /// <summary>Adds workers of a pool, or removes them with a negative number.</summary>
    public void AddWorkers(string pool, int workers)
    {
        lock (_lock)
        {
            var count = _workers.GetValueOrDefault(pool) + workers;
            if (count > 0)
                _workers[pool] = count;
            else
                _workers.Remove(pool);
        }
    }

    /// <summary>Counts a worker that has ended and is replaced.</summary>
    public void CountRestart(string pool, ExecutorExitReason reason)
    {
        if (!_restarts.Enabled)
            return;
        pool = _names.Admits(pool) ? pool : ActorsTelemetry.OtherValue;
        _restarts.Add(
            1, KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, pool),
            KeyValuePair.Create<string, object?>(ActorsTelemetry.ReasonTag, ActorsTelemetry.GetTagValue(reason)));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private List<Measurement<long>> MeasureWorkers()
    {
        lock (_lock)
        {
            return
            [
                .. _workers.Select(pool =>
                    new Measurement<long>(pool.Value, KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, pool.Key))),
            ];
        }
    }
}
