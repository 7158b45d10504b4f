using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Actors.Messages.Telemetry;

namespace Actors.Coordinator.Pools;

/// <summary>The histogram of the waiting times of jobs, in coordinators and in programs with local pools. Thread-safe.</summary>
/// <param name="meter">The meter of the histogram.</param>
public sealed class JobWaits(Meter meter)
{
    /// <summary>The limits of tag values. Clients choose the names of pools and functions.</summary>
    private const int MaxPools = 100;
    private const int MaxFunctions = 1000;

    private readonly TagLimit<string> _pools = new(MaxPools);
    private readonly TagLimit<(string Pool, string Function)> _functions = new(MaxFunctions);

    private readonly Histogram<double> _duration = meter.CreateHistogram(
        "actors.job.wait.duration", "s", "The time from the acceptance of a job to the start of an attempt that ended.", tags: null,
        ActorsTelemetry.Durations);

    /// <summary>The waiting times of all pools of this process.</summary>
    public static JobWaits OfProcess { get; } = new(ActorsTelemetry.Meter);

    /// <summary>Whether any listener observes waiting times.</summary>
    public bool AreObserved => ActorsTelemetry.IsSupported && _duration.Enabled;

    /// <summary>Records the waiting times of jobs of a pool.</summary>
    public void RecordWaits(string pool, ImmutableArray<JobWait> waits)
    {
        pool = _pools.Admits(pool) ? pool : ActorsTelemetry.OtherValue;
        foreach (var wait in waits)
        {
            _duration.Record(
                wait.Time.TotalSeconds, KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, pool),
                KeyValuePair.Create<string, object?>(ActorsTelemetry.FunctionTag, LimitFunction(pool, wait.Function)));
        }
    }

    private string LimitFunction(string pool, string function)
    {
        function = ActorsTelemetry.ShortenValue(function);
        return _functions.Admits((pool, function)) ? function : ActorsTelemetry.OtherValue;
    }
}
