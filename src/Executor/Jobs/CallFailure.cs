using Actors.Executor.Functions;
using Actors.Messages.Jobs;

namespace Actors.Executor.Jobs;

/// <summary>Converts the exception of a call to the end of its job.</summary>
internal static class CallFailure
{
    /// <summary>Returns the status and the failure of a job whose call threw.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="invoker">The invoker of the function; null when the function was not found.</param>
    /// <param name="isCancellationRequested">Whether the job was asked to stop.</param>
    public static (JobStatus Status, FailureInfo Failure) ToOutcome(
        Exception exception, FunctionInvoker? invoker, bool isCancellationRequested) =>
        (ToStatus(exception, invoker, isCancellationRequested),
            FailedItem.AddTo(FailureConverter.ToFailure(exception), invoker?.RunningItem ?? 0));

    private static JobStatus ToStatus(Exception exception, FunctionInvoker? invoker, bool isCancellationRequested)
    {
        if (invoker is not { Stage: CallStage.Running })
            return JobStatus.Refused;
        return exception is OperationCanceledException && isCancellationRequested ? JobStatus.Canceled : JobStatus.Threw;
    }
}
