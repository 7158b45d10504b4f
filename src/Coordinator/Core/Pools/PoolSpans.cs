using System.Collections.Immutable;
using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The spans of the jobs of a pool in the program of a coordinator: <c>accept F</c> and <c>dispatch F</c>. A pool in the program of its
/// client has none, because the client has a span for each call.
/// </summary>
/// <param name="pool">The name of the pool.</param>
/// <param name="isOnCluster">Whether this process is a coordinator of a cluster.</param>
public sealed class PoolSpans(string pool, bool isOnCluster)
{
    /// <summary>Whether any listener observes spans of this pool. Costs a few nanoseconds.</summary>
    public bool AreObserved => isOnCluster && JobSpans.AreObserved;

    /// <summary>Begins a trace for each accepted job whose client does not trace it.</summary>
    /// <returns>The jobs with their traces.</returns>
    public ImmutableArray<JobSpec> BeginTraces(ImmutableArray<JobSpec> jobs) =>
        AreObserved && jobs.Any(static job => job.Policy.Trace is null) ? [.. jobs.Select(BeginTrace)] : jobs;

    /// <summary>Records that jobs are sent to a worker. The spans begin when the jobs were queued. For pools that are observed.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="measureWait">Measures how long a job has waited.</param>
    public void RecordDispatch(ImmutableArray<JobSpec> jobs, Func<JobId, TimeSpan> measureWait)
    {
        foreach (var job in jobs)
        {
            if (job.Policy.Trace is not { } trace)
                continue;
            var queuedAt = TimeProvider.System.GetUtcNow() - measureWait(job.Id);
            if (StartSpan("dispatch", ActivityKind.Internal, job, trace, queuedAt) is not { } span)
                continue;
            span.SetTag(JobSpans.AttemptTag, trace.Attempt).SetTag(JobSpans.NodeTag, ActorsTelemetry.ShortenValue(trace.Node));
            span.EndSpan();
        }
    }

    /// <summary>The span of the acceptance is the root: the client has none, and each attempt of the job has others.</summary>
    private JobSpec BeginTrace(JobSpec job)
    {
        if (job.Policy.Trace is not null || StartSpan("accept", ActivityKind.Producer, job, trace: null) is not { } span)
            return job;
        span.EndSpan();
        return job with { Policy = job.Policy with { Trace = new JobTrace(span.Id!, span.TraceStateString) } };
    }

    private Activity? StartSpan(string operation, ActivityKind kind, JobSpec job, JobTrace? trace, DateTimeOffset start = default)
    {
        var function = ActorsTelemetry.ShortenValue(job.Function.Name);
        return JobSpans.StartSpan($"{operation} {function}", kind, trace, start)
            ?.AddDetails(operation, pool, function).SetTag(JobSpans.JobTag, job.Id.Value);
    }
}
