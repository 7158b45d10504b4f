using System.Diagnostics;
using Actors.Messages.Jobs;

namespace Actors.Messages.Telemetry;

/// <summary>
/// Starts and ends the spans of jobs, with the attributes that OpenTelemetry defines for messaging. None of these methods changes the
/// current activity. Thread-safe.
/// </summary>
public static class JobSpans
{
    public const string JobTag = "actors.job.id";
    public const string AttemptTag = "actors.attempt";
    public const string NodeTag = "actors.node";
    public const string ItemsTag = "actors.items";
    public const string ProcessTag = "process.pid";

    private const string ErrorTag = "error.type";

    /// <summary>Whether any listener observes spans. Costs a few nanoseconds.</summary>
    public static bool AreObserved => ActorsTelemetry.IsSupported && ActorsTelemetry.Source.HasListeners();

    /// <summary>Starts a span below another process's span.</summary>
    /// <param name="name">The name, such as <c>run F</c>.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="trace">The trace context of the job; null begins a new trace.</param>
    /// <param name="start">The start; default for now.</param>
    /// <returns>The span; null without a listener, if it is not sampled, and if the trace context is malformed.</returns>
    public static Activity? StartSpan(string name, ActivityKind kind, JobTrace? trace, DateTimeOffset start = default)
    {
        ActivityContext parent = default;
        if (trace is not null && !ActivityContext.TryParse(trace.Parent, trace.State, isRemote: true, out parent))
            return null;
        var current = Activity.Current;
        // Without a parent, the span would continue the trace of the current activity.
        Activity.Current = null;
        var span = ActorsTelemetry.Source.StartActivity(name, kind, parent, tags: null, links: null, start);
        Activity.Current = current;
        return span;
    }

    /// <summary>Starts a span below the current activity.</summary>
    /// <returns>The span; null without a listener, and if it is not sampled.</returns>
    public static Activity? StartSpan(string name, ActivityKind kind)
    {
        var current = Activity.Current;
        var span = ActorsTelemetry.Source.StartActivity(name, kind);
        Activity.Current = current;
        return span;
    }

    /// <summary>Adds the attributes of a span of any process.</summary>
    /// <param name="span">The span.</param>
    /// <param name="operation">The operation: the first word of the name.</param>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="function">The name of the function.</param>
    public static Activity AddDetails(this Activity span, string operation, string pool, string function) => span
        .SetTag(ActorsTelemetry.PoolTag, pool).SetTag(ActorsTelemetry.FunctionTag, function)
        .SetTag("messaging.system", "actors").SetTag("messaging.destination.name", pool).SetTag("messaging.operation.name", operation)
        .SetTag("messaging.operation.type", GetOperationType(span.Kind));

    /// <summary>Gets the kind of the failure of a job: the type of its exception, or its status. Null for success.</summary>
    public static string? GetErrorType(JobOutcome outcome) => outcome.Status == JobStatus.Succeeded
        ? null
        : outcome.Failure?.TypeName ?? ActorsTelemetry.GetTagValue(outcome.Status);

    /// <summary>Ends a span.</summary>
    /// <param name="span">The span.</param>
    /// <param name="error">The kind of the failure, such as the type of the exception; null for success.</param>
    /// <param name="message">The message of the failure.</param>
    public static void EndSpan(this Activity span, string? error = null, string? message = null)
    {
        if (error is not null)
            span.SetTag(ErrorTag, error).SetStatus(ActivityStatusCode.Error, message);
        var current = Activity.Current;
        span.Stop();
        Activity.Current = current;
    }

    /// <summary>An internal span is of no type that the conventions define.</summary>
    private static string? GetOperationType(ActivityKind kind) => kind switch
    {
        ActivityKind.Producer => "send",
        ActivityKind.Consumer => "process",
        _ => null,
    };
}
