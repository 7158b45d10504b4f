using System.Diagnostics;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;
using Actors.Pools;

namespace Actors.Telemetry;

/// <summary>Observes one job from its submission to its end. Created only while somebody listens.</summary>
/// <param name="pool">The name of the pool.</param>
/// <param name="function">The name of the function.</param>
/// <param name="span">The span of the job, or of its map; null for none.</param>
/// <param name="isOwner">Whether the span ends with the job.</param>
internal sealed class JobTelemetry(string pool, string function, Activity? span, bool isOwner)
{
    private readonly long _submitted = Stopwatch.GetTimestamp();

    private TagList Tags => new() { { ActorsTelemetry.PoolTag, pool }, { ActorsTelemetry.FunctionTag, function } };

    /// <summary>Adds the trace context of the span, which travels with the job.</summary>
    public JobPolicy AddTrace(JobPolicy policy) =>
        (span ?? FindUnsampled()) is { Id: { } id } context
            ? policy with { Trace = new JobTrace(id, context.TraceStateString) }
            : policy;

    /// <summary>Records that the pool has accepted the job.</summary>
    /// <param name="size">The size of the encoded arguments in bytes.</param>
    public void OnSubmitted(int size)
    {
        PoolInstruments.Submitted.Add(1, Tags);
        RecordSize(size, "arguments");
    }

    /// <summary>Records that the job could not be submitted.</summary>
    public void OnRefused(Exception exception)
    {
        if (isOwner)
            span?.EndSpan(exception.GetType().FullName, exception.Message);
    }

    /// <summary>Records the outcome of the job.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="resultLength">The number of bytes of the encoded result.</param>
    public void OnEnded(JobOutcome outcome, int resultLength)
    {
        if (outcome.Status == JobStatus.Succeeded)
            RecordSize(resultLength, "result");
        if (outcome.Attempts > 1)
            PoolInstruments.Retries.Add(outcome.Attempts - 1, Tags);
        if (isOwner)
            span?.SetTag(JobSpans.JobTag, outcome.Id.Value).SetTag("actors.attempts", outcome.Attempts);
        OnEnded(
            JobStates.ToState(outcome.Status), JobSpans.GetErrorType(outcome), outcome.Failure?.Message ?? outcome.Status.ToString());
    }

    /// <summary>Records that the job ended without an outcome.</summary>
    public void OnEnded(Exception exception) =>
        OnEnded(JobStates.ToState(exception), exception.GetType().FullName, exception.Message);

    /// <summary>
    /// Finds the current activity, if spans are observed and this trace is not sampled. Coordinators must not begin another trace then.
    /// </summary>
    private static Activity? FindUnsampled() => JobSpans.AreObserved ? Activity.Current : null;

    private void RecordSize(int size, string direction)
    {
        var tags = Tags;
        tags.Add(ActorsTelemetry.DirectionTag, direction);
        PoolInstruments.PayloadSize.Record(size, tags);
    }

    private void OnEnded(JobState state, string? error, string message)
    {
        var status = ActorsTelemetry.GetTagValue(state);
        var tags = Tags;
        tags.Add(ActorsTelemetry.StatusTag, status);
        PoolInstruments.Ended.Add(1, tags);
        PoolInstruments.Duration.Record(Stopwatch.GetElapsedTime(_submitted).TotalSeconds, Tags);
        if (!isOwner)
            return;
        span?.SetTag(ActorsTelemetry.StatusTag, status).EndSpan(error, message);
    }
}
