using Actors.Executor.Functions;
using Actors.Messages.Jobs;

namespace Actors.Executor.Jobs;

/// <summary>Converts the exception of a call to the end of its job.</summary>
internal static class CallFailure
{
    /// <summary>Returns the status and the failure of a job whose call threw.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="invoker">The invoker of the function; null when the function was not found.</param>
    /// <param name="cancellation">The reason for which the job was asked to stop; null if it was not.</param>
    public static (JobStatus Status, FailureInfo Failure) ToOutcome(
        Exception exception, FunctionInvoker? invoker, JobCancellationReason? cancellation)
    {
        var status = ToStatus(exception, invoker, cancellation);
        var failure = status == JobStatus.TimedOut ? DescribeTimeout(exception) : FailureConverter.ToFailure(exception);
        return (status, FailedItem.AddTo(failure, invoker?.RunningItem ?? 0));
    }

    /// <summary>A job that throws after its timeout has timed out: cancellations often appear as other exceptions.</summary>
    private static JobStatus ToStatus(Exception exception, FunctionInvoker? invoker, JobCancellationReason? cancellation)
    {
        if (invoker is not { Stage: CallStage.Running })
            return JobStatus.Refused;
        return cancellation switch
        {
            JobCancellationReason.Timeout => JobStatus.TimedOut,
            not null when exception is OperationCanceledException => JobStatus.Canceled,
            _ => JobStatus.Threw,
        };
    }

    private static FailureInfo DescribeTimeout(Exception exception)
    {
        const string Text = "It was canceled when it ran over its timeout";
        return FailureInfo.FromMessage(
            "Actors.PoolFailure",
            exception is OperationCanceledException ? $"{Text}." : $"{Text}, and threw {exception.GetType().Name}: {exception.Message}");
    }
}
