using System.Diagnostics;
using Actors.Messages.Telemetry;

namespace Actors.Telemetry;

/// <summary>Observes the jobs and workers of one pool. Thread-safe.</summary>
/// <param name="name">The name of the pool.</param>
internal sealed class PoolTelemetry(string name)
{
    private volatile bool _isClosed;

    /// <summary>Gets the name of the pool in metrics and spans.</summary>
    public static string GetName(PoolOptions options) => options.Name ?? options.DurableName ?? ActorsTelemetry.UnnamedPool;

    /// <summary>Records that the ends of workers are intended from now on.</summary>
    public void MarkClosed() => _isClosed = true;

    /// <summary>Starts to observe a job that is about to be submitted.</summary>
    /// <param name="function">The name of the function.</param>
    /// <param name="map">The span of the map that the job is a chunk of; null for none.</param>
    public JobTelemetry BeginJob(string function, Activity? map) => new(name, function, map ?? StartSpan(function, items: 1), map is null);

    /// <summary>Starts the span of a job or a map; null without a listener. Does not change the current activity.</summary>
    /// <param name="function">The name of the function.</param>
    /// <param name="items">The number of items.</param>
    public Activity? StartSpan(string function, int items)
    {
        if (!JobSpans.AreObserved)
            return null;
        return JobSpans.StartSpan($"submit {function}", ActivityKind.Producer)
            ?.AddDetails("submit", name, function).SetTag(JobSpans.ItemsTag, items);
    }

    /// <summary>Counts a worker that has ended while the pool was open; another one replaces it.</summary>
    public void OnWorkerChanged(WorkerInfo worker)
    {
        if (worker.HasExited && !_isClosed && PoolInstruments.Restarts.Enabled)
        {
            PoolInstruments.Restarts.Add(
                1, KeyValuePair.Create<string, object?>(ActorsTelemetry.PoolTag, name),
                KeyValuePair.Create<string, object?>(ActorsTelemetry.ReasonTag, DescribeEnd(worker.ExitCode)));
        }
    }

    private static string DescribeEnd(int? exitCode) => exitCode switch
    {
        null => "unknown",
        < 0 => "signal",
        0 => "exit",
        _ => "error",
    };
}
