using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>The one place where the end of a job becomes the exception that its caller sees.</summary>
internal static class OutcomeExceptions
{
    public static Exception Of(JobOutcome outcome, CallName call) => outcome.Status is JobStatus.Threw or JobStatus.Refused
        ? Thrown(outcome.Failure!, Culprit(outcome.Failure, call))
        : FailedCall.Attach(Ended(outcome, call), Culprit(outcome.Failure, call));

    /// <summary>What a function threw. Its message stays as it was; the job is named below the stack of its process.</summary>
    public static Exception Thrown(FailureInfo failure, CallName call)
    {
        var stack = $"{failure.StackTrace}{(string.IsNullOrEmpty(failure.StackTrace) ? "" : Environment.NewLine)}   in {call}";
        return FailedCall.Attach(FailureConverter.ToException(failure with { StackTrace = stack }, call.ToString()), call);
    }

    public static PoolFailedException PoolFailed(FailureInfo? reason, CallName? call = null)
    {
        var what = call is { } job ? $"{job} did not run to its end: the pool failed" : "The pool failed";
        return reason is { AssemblyName: not "Actors" }
            ? new PoolFailedException($"{what}: {reason.TypeName}: {reason.Message}", FailureConverter.ToException(reason, "an executor at its start"))
            : new PoolFailedException($"{what}. {reason?.Message}");
    }

    private static Exception Ended(JobOutcome outcome, CallName call)
    {
        var why = outcome.Failure?.Message ?? "";
        var culprit = Culprit(outcome.Failure, call);
        return outcome.Status switch
        {
            JobStatus.TimedOut => new JobTimedOutException($"{culprit} timed out. {why}{RestOfChunk(culprit, call)}"),
            JobStatus.Cancelled => new JobCancelledException($"{call} was cancelled."),
            JobStatus.WorkerLost => new WorkerLostException(
                $"{culprit} lost its worker in attempt {outcome.Attempts} and is not tried again. {why}{Words(outcome.Failure)}{RestOfChunk(culprit, call)}",
                outcome.Attempts, History(outcome.Failure)),
            JobStatus.MemoryExceeded => new MemoryLimitExceededException(
                $"{culprit} took too much memory. {why}{RestOfChunk(culprit, call)}", outcome.Attempts, History(outcome.Failure)),
            JobStatus.Unknown => new JobNotFoundException(
                $"The pool does not know job {outcome.Id}: it was never accepted, its outcome was fetched before, or was kept for its time."),
            JobStatus.PoolTerminated => new PoolTerminatedException($"{call} was dropped: the pool was terminated."),
            _ => PoolFailed(outcome.Failure, call),
        };
    }

    /// <summary>The item that was running when the worker ended; the chunk where that is not known.</summary>
    private static CallName Culprit(FailureInfo? failure, CallName call) =>
        FailedItem.Of(failure) is { } item && item < call.Items ? call.At(item) : call;

    private static string RestOfChunk(CallName culprit, CallName call) => call.Items <= 1
        ? ""
        : $"\nItems {call.First} to {call.First + call.Items - 1} were one chunk and fail together"
            + (culprit == call ? "; which of them ran is not known. " : ". ")
            + "Pass chunkSize: 1 to run each item as a job of its own.";

    private static IReadOnlyList<LostAttempt> History(FailureInfo? failure) =>
        [.. AttemptHistory.Of(failure).Select(lost => new LostAttempt(lost.Node, lost.ProcessId, lost.ExitCode, lost.Reason))];

    private static string Words(FailureInfo? failure) => string.Concat(AttemptHistory.Of(failure).Select(
        (lost, index) => $"\nAttempt {index + 1}: the executor with process id {lost.ProcessId} on {lost.Node} {lost.Reason}."));
}
