using System.Diagnostics;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;

namespace Actors.Executor.Jobs;

/// <summary>The trace context that arrived with a job.</summary>
/// <param name="Attempt">The number of this start of the job.</param>
/// <param name="Parent">The <c>traceparent</c>.</param>
/// <param name="State">The <c>tracestate</c>; null for none.</param>
/// <param name="Node">The name of the worker node.</param>
/// <param name="Function">The name of the function.</param>
internal sealed record ReceivedTrace(int Attempt, string Parent, string? State, string Node, string Function)
{
    /// <summary>Reads the trace after the number of its job.</summary>
    public static ReceivedTrace ReadTrace(FrameReader reader) => new(
        reader.ReadInt32(), reader.ReadString() ?? "", reader.ReadString(), reader.ReadString() ?? "", reader.ReadString() ?? "");

    /// <summary>Calls a job in a span below that of its submission.</summary>
    /// <param name="job">The job.</param>
    /// <param name="call">Calls the function.</param>
    public (JobStatus Status, FailureInfo? Failure) CallInSpan(
        QueuedJob job, Func<QueuedJob, (JobStatus Status, FailureInfo? Failure)> call)
    {
        using var span = StartSpan();
        span?.SetTag(JobSpans.JobTag, job.Id).SetTag(ActorsTelemetry.FunctionTag, Function).SetTag(JobSpans.AttemptTag, Attempt)
            .SetTag(JobSpans.NodeTag, Node).SetTag(JobSpans.ProcessTag, Environment.ProcessId);
        var end = call(job);
        if (end.Status != JobStatus.Succeeded)
            span?.SetStatus(ActivityStatusCode.Error, end.Failure?.Message);
        return end;
    }

    /// <summary>
    /// Starts the span. Without a listener in this process it is not reported, but the activities of the function still continue the trace.
    /// </summary>
    private Activity? StartSpan()
    {
        if (!ActivityContext.TryParse(Parent, State, isRemote: true, out var parent))
            return null;
        var name = $"run {Function}";
        return ActorsTelemetry.Source.StartActivity(name, ActivityKind.Consumer, parent)
            ?? new Activity(name).SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
    }
}
