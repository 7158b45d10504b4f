using System.Diagnostics.Metrics;
using Actors.Messages.Telemetry;
using Actors.Pools;

namespace Actors.Telemetry;

/// <summary>The instruments of the pools that this program has opened.</summary>
internal static class PoolInstruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = ActorsTelemetry.Name;

    private static readonly Meter Meter = ActorsTelemetry.Meter;

    public static Counter<long> Submitted { get; } = Meter.CreateCounter<long>(
        "actors.jobs.submitted", "{job}", "Jobs that the pool has accepted from this program.");

    public static Counter<long> Ended { get; } = Meter.CreateCounter<long>(
        "actors.jobs.ended", "{job}", "Jobs that have ended, by actors.status.");

    public static Counter<long> Retries { get; } = Meter.CreateCounter<long>(
        "actors.job.retries", "{retry}", "Starts of jobs after the first, because their workers were lost.");

    public static Counter<long> Restarts { get; } = Meter.CreateCounter<long>(
        "actors.worker.restarts", "{worker}", "Workers that ended while their pool was open, by actors.reason.");

    public static Histogram<double> Duration { get; } = Meter.CreateHistogram(
        "actors.job.duration", "s", "The time from the submission of a job to its end.", tags: null,
        ActorsTelemetry.Durations);

    public static Histogram<long> PayloadSize { get; } = Meter.CreateHistogram(
        "actors.payload.size", "By", "The size of the encoded arguments or result of a job, by actors.direction.", tags: null,
        ActorsTelemetry.Sizes);

    /// <summary>Whether any listener observes jobs. Costs a few nanoseconds.</summary>
    public static bool ObserveJobs => ActorsTelemetry.IsSupported
        && (ActorsTelemetry.Source.HasListeners() || Submitted.Enabled || Ended.Enabled || Retries.Enabled || Duration.Enabled
            || PayloadSize.Enabled);

    static PoolInstruments()
    {
        Meter.CreateObservableUpDownCounter(
            "actors.workers", static () => MeasurePools(static pool => pool.Workers.Count), "{worker}", "Running workers.");
        Meter.CreateObservableUpDownCounter(
            "actors.jobs.running", static () => MeasurePools(CountRunning), "{job}", "Unfinished jobs for which there is a worker.");
        Meter.CreateObservableUpDownCounter(
            "actors.jobs.waiting", static () => MeasurePools(static pool => pool.PendingJobs - CountRunning(pool)), "{job}",
            "Unfinished jobs for which there is no worker yet.");
    }

    /// <summary>A worker runs one job at a time, and is idle only when no job waits.</summary>
    private static int CountRunning(IPoolSession pool) => Math.Min(pool.PendingJobs, pool.Workers.Count);

    private static IEnumerable<Measurement<long>> MeasurePools(Func<IPoolSession, int> measure) =>
        from pool in OpenPools.All
        group measure(pool.Session) by pool.Name into values
        select new Measurement<long>(values.Sum(), KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, values.Key));
}
