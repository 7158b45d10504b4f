using System.Collections.Immutable;
using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The spans <c>run F</c> of the jobs of an executor, in the program of a worker node. They include the attempts that end with the process,
/// which the process cannot report. Thread-safe: the actor of the executor begins runs, and the receiving thread ends them.
/// </summary>
/// <param name="pool">The name of the pool.</param>
/// <param name="isOnCluster">Whether this process is a node of a cluster. The program of a client has a span for each call instead.</param>
public sealed class RunSpans(string pool, bool isOnCluster)
{
    private readonly Lock _access = new();
    private readonly Dictionary<long, Activity> _begun = [];
    private volatile bool _hasSpans;

    /// <summary>Starts spans for traced jobs that are about to be sent to the process.</summary>
    /// <returns>The jobs. The spans of the process are below those of the node.</returns>
    public ImmutableArray<JobSpec> BeginRuns(ImmutableArray<JobSpec> jobs, int processId) =>
        isOnCluster && JobSpans.AreObserved ? [.. jobs.Select(job => BeginRun(job, processId))] : jobs;

    /// <summary>
    /// Ends the spans of jobs. The process ran them one after another until now; short jobs are reported together, and each counts as long
    /// as the average.
    /// </summary>
    /// <param name="outcomes">The outcomes, in the order of the runs.</param>
    /// <param name="busyMicroseconds">The sum of the run times.</param>
    public void EndRuns(ImmutableArray<JobOutcome> outcomes, long busyMicroseconds)
    {
        if (!_hasSpans)
            return;
        var now = TimeProvider.System.GetUtcNow();
        var average = TimeSpan.FromTicks(LimitTime(busyMicroseconds) / outcomes.Length);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var end = now - (average * (outcomes.Length - 1 - i));
            EndRun(outcomes[i].Id, end - average, end, JobSpans.GetErrorType(outcomes[i]), outcomes[i].Failure?.Message);
        }
    }

    /// <summary>Ends the span of a job whose result is in a file.</summary>
    public void EndRun(JobId job, long busyMicroseconds)
    {
        var now = TimeProvider.System.GetUtcNow();
        EndRun(job, now - TimeSpan.FromTicks(LimitTime(busyMicroseconds)), now, null, null);
    }

    /// <summary>Ends the span of the job whose process has ended.</summary>
    /// <param name="job">The job that ran.</param>
    /// <param name="elapsed">The time since it began.</param>
    /// <param name="reason">The reason of the end.</param>
    public void EndLostRun(JobId job, TimeSpan elapsed, ExecutorExitReason reason)
    {
        var (now, error) = (TimeProvider.System.GetUtcNow(), ActorsTelemetry.GetTagValue(reason));
        EndRun(job, now - elapsed, now, error, $"The worker ended during the job: {error}.");
    }

    /// <summary>Removes the spans of jobs that the process returns: they have not begun.</summary>
    public void DropRuns(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            RemoveSpan(job);
    }

    private JobSpec BeginRun(JobSpec job, int processId)
    {
        var function = ActorsTelemetry.ShortenValue(job.Function.Name);
        if (job.Policy.Trace is not { } trace || JobSpans.StartSpan($"run {function}", ActivityKind.Consumer, trace) is not { } span)
            return job;
        span.AddDetails("run", pool, function).SetTag(JobSpans.JobTag, job.Id.Value).SetTag(JobSpans.AttemptTag, trace.Attempt)
            .SetTag(JobSpans.NodeTag, trace.Node).SetTag(JobSpans.ProcessTag, processId);
        lock (_access)
            _begun[job.Id.Value] = span;
        _hasSpans = true;
        return job with { Policy = job.Policy with { Trace = trace with { Parent = span.Id!, State = span.TraceStateString } } };
    }

    private void EndRun(JobId job, DateTimeOffset start, DateTimeOffset end, string? error, string? message)
    {
        if (RemoveSpan(job) is not { } span)
            return;
        // The process is not trusted with the time: no job runs before it is sent.
        if (start.UtcDateTime > span.StartTimeUtc)
            span.SetStartTime(start.UtcDateTime);
        if (end.UtcDateTime > span.StartTimeUtc)
            span.SetEndTime(end.UtcDateTime);
        span.EndSpan(error, message);
    }

    private Activity? RemoveSpan(JobId job)
    {
        if (!_hasSpans)
            return null;
        lock (_access)
            return _begun.Remove(job.Value, out var span) ? span : null;
    }

    /// <summary>Limits a time that the process reports, in ticks.</summary>
    private static long LimitTime(long microseconds) =>
        Math.Min(microseconds, (long)TimeSpan.FromDays(365).TotalMicroseconds) * TimeSpan.TicksPerMicrosecond;
}
