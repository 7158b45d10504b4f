using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>The one place where the end of a job becomes the exception that its caller sees.</summary>
internal static class OutcomeExceptions
{
    public static Exception Of(JobOutcome outcome)
    {
        var why = outcome.Failure?.Message ?? "";
        return outcome.Status switch
        {
            JobStatus.Threw or JobStatus.Refused => FailureConverter.ToException(outcome.Failure!, $"job {outcome.Id}"),
            JobStatus.TimedOut => new JobTimedOutException($"Job {outcome.Id} timed out. {why}"),
            JobStatus.Cancelled => new JobCancelledException($"Job {outcome.Id} was cancelled."),
            JobStatus.WorkerLost => new WorkerLostException(
                $"Job {outcome.Id} lost its worker in attempt {outcome.Attempts} and is not tried again. {why}{Words(outcome.Failure)}",
                outcome.Attempts, History(outcome.Failure)),
            JobStatus.MemoryExceeded => new MemoryLimitExceededException(
                $"Job {outcome.Id} took too much memory. {why}", outcome.Attempts, History(outcome.Failure)),
            JobStatus.Unknown => new JobNotFoundException(
                $"The pool does not know job {outcome.Id}: it was never accepted, its outcome was fetched before, or was kept for its time."),
            JobStatus.PoolTerminated => new PoolTerminatedException($"Job {outcome.Id} was dropped: the pool was terminated."),
            _ => PoolFailed(outcome.Failure),
        };
    }

    private static IReadOnlyList<LostAttempt> History(FailureInfo? failure) =>
        [.. AttemptHistory.Of(failure).Select(lost => new LostAttempt(lost.Node, lost.ProcessId, lost.ExitCode, lost.Reason))];

    private static string Words(FailureInfo? failure) => string.Concat(AttemptHistory.Of(failure).Select(
        (lost, index) => $"\nAttempt {index + 1}: the executor with process id {lost.ProcessId} on {lost.Node} {lost.Reason}."));

    public static PoolFailedException PoolFailed(FailureInfo? reason) => reason is { AssemblyName: not "Actors" }
        ? new PoolFailedException(
            $"The pool failed: {reason.TypeName}: {reason.Message}", FailureConverter.ToException(reason, "an executor at its start"))
        : new PoolFailedException($"The pool failed. {reason?.Message}");
}
