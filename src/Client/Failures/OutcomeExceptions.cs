using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>Converts the end of a job to the exception for its caller.</summary>
internal static class OutcomeExceptions
{
    public static Exception ToException(JobOutcome outcome, CallName call) => outcome.Status is JobStatus.Threw or JobStatus.Refused
        or JobStatus.WithoutBuild
        ? ToThrownException(outcome.Failure!, FindCulprit(outcome.Failure, call))
        : FailedCall.AttachCall(ToEndException(outcome, call), FindCulprit(outcome.Failure, call));

    /// <summary>Converts the exception of a function. Its message is unchanged; the job is named below its stack trace.</summary>
    public static Exception ToThrownException(FailureInfo failure, CallName call)
    {
        var stack = $"{failure.StackTrace}{(string.IsNullOrEmpty(failure.StackTrace) ? "" : Environment.NewLine)}   in {call}";
        return FailedCall.AttachCall(FailureConverter.ToException(failure with { StackTrace = stack }, call.ToString()), call);
    }

    public static PoolFailedException PoolFailed(FailureInfo? reason, CallName? call = null)
    {
        var subject = call is { } job ? $"{job} did not run to its end: the pool failed" : "The pool failed";
        return reason is { AssemblyName: not "Actors" }
            ? new PoolFailedException(
                $"{subject}: {reason.TypeName}: {reason.Message}", FailureConverter.ToException(reason, "a worker at its start"))
            : new PoolFailedException($"{subject}. {reason?.Message}");
    }

    private static Exception ToEndException(JobOutcome outcome, CallName call)
    {
        var reason = outcome.Failure?.Message ?? "";
        var culprit = FindCulprit(outcome.Failure, call);
        return outcome.Status switch
        {
            JobStatus.TimedOut => new JobTimedOutException($"{culprit} timed out. {reason}{RestOfChunk(culprit, call)}"),
            JobStatus.Canceled => new JobCanceledException($"{call} was canceled."),
            JobStatus.WorkerLost => new WorkerLostException(
                $"{culprit} lost its worker in attempt {outcome.Attempts} and is not retried. "
                + $"{reason}{DescribeHistory(outcome.Failure)}{RestOfChunk(culprit, call)}",
                outcome.Attempts, ReadHistory(outcome.Failure)),
            JobStatus.MemoryExceeded => new MemoryLimitExceededException(
                $"{culprit} exceeded the memory limit of its worker. "
                + $"{reason}{RestOfChunk(culprit, call)}", outcome.Attempts, ReadHistory(outcome.Failure)),
            JobStatus.Unknown => new JobNotFoundException(
                $"The pool does not know {call}: it was never accepted, or its outcome was received before or has expired. "
                + $"Check the id, and attach within {nameof(PoolOptions)}.{nameof(PoolOptions.ResultRetention)}.{reason}"),
            JobStatus.PoolTerminated => new PoolTerminatedException($"{call} was dropped: the pool was terminated.{reason}"),
            _ => PoolFailed(outcome.Failure, call),
        };
    }

    /// <summary>Returns the item that was running when the worker ended; the chunk when that is unknown.</summary>
    private static CallName FindCulprit(FailureInfo? failure, CallName call) =>
        FailedItem.FindIndex(failure) is { } item && item < call.Items ? call.ForItem(item) : call;

    private static string RestOfChunk(CallName culprit, CallName call) => call.Items <= 1
        ? ""
        : $"\nItems {call.First} to {call.First + call.Items - 1} were one chunk and fail together"
            + (culprit == call ? "; the failing item is unknown. " : ". ")
            + "Pass chunkSize: 1 to run each item as a separate job.";

    private static IReadOnlyList<LostAttempt> ReadHistory(FailureInfo? failure) =>
        AttemptHistory.ToLostAttempts(AttemptHistory.ReadAttempts(failure));

    private static string DescribeHistory(FailureInfo? failure) => string.Concat(AttemptHistory.ReadAttempts(failure).Select(
        (lost, index) => $"\nAttempt {index + 1}: the worker with process id {lost.ProcessId} on {lost.Node} {lost.Reason}."));
}
