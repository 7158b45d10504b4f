using Actors.Pools;

namespace Actors;

/// <content>How a pool is closed, and what is said at its end.</content>
public sealed partial class ProcessPool
{
    /// <summary>
    /// No more jobs may be submitted; those that were go on, and the processes end when they have, as Python's <c>close()</c>. Nothing
    /// when the pool is over.
    /// </summary>
    public void Close() => Close(cancelPending: false);

    /// <summary>
    /// As <see cref="Close()"/>; can also cancel what has not begun, as <c>shutdown(cancel_futures=True)</c> of Python's executors.
    /// </summary>
    /// <param name="cancelPending">
    /// Whether jobs that have not begun end with <see cref="JobCancelledException"/>; those that run go on. Also for a pool that is
    /// closed already. For a pool whose
    /// coordinator is lost meanwhile, all that has not ended counts as not begun.
    /// </param>
    public void Close(bool cancelPending)
    {
        _isOver = true;
        _session.Close(cancelPending);
    }

    /// <summary>Says on standard error which failures nobody has looked at, once.</summary>
    private async Task ReportUnseenAsync()
    {
        if (_session.UnseenFailures.TakeReport() is { } report)
            await StandardError.WriteLineAsync(report).ConfigureAwait(false);
    }
}
