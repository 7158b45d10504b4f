namespace Actors.Messages.Jobs;

/// <summary>The token of one job, and the reason of its cancellation. The first reason counts. Thread-safe.</summary>
public sealed class JobCancellationSource : CancellationTokenSource
{
    private const int NotCanceled = -1;

    private int _reason = NotCanceled;

    /// <summary>Gets the reason of the cancellation; null while the token is not canceled.</summary>
    public JobCancellationReason? Reason =>
        IsCancellationRequested && Volatile.Read(ref _reason) is not NotCanceled and var reason ? (JobCancellationReason)reason : null;

    /// <summary>Cancels the token on the calling thread, which also runs the callbacks of user code.</summary>
    public void Cancel(JobCancellationReason reason)
    {
        SetReason(reason);
        Cancel();
    }

    /// <summary>Cancels the token. Callbacks of user code run on the thread pool.</summary>
    public Task CancelAsync(JobCancellationReason reason)
    {
        SetReason(reason);
        return CancelAsync();
    }

    private void SetReason(JobCancellationReason reason) => Interlocked.CompareExchange(ref _reason, (int)reason, NotCanceled);
}
