using Actors.Pools;

namespace Actors;

/// <content>Closing, and the report at the end.</content>
public partial class ProcessPool
{
    /// <summary>
    /// Closes the pool, as Python's <c>close()</c>: it accepts no more jobs, submitted jobs continue, and the workers end after them. Does
    /// nothing when the pool has ended.
    /// </summary>
    public void Close() => Close(cancelPending: false);

    /// <summary>
    /// Closes the pool as <see cref="Close()"/> does, and optionally cancels waiting jobs, as <c>shutdown(cancel_futures=True)</c> of
    /// Python's executors.
    /// </summary>
    /// <param name="cancelPending">
    /// True to end the jobs that have not started with <see cref="JobCanceledException"/>; running jobs continue. Works for a closed pool
    /// too. While the coordinator is disconnected, every unfinished job counts as not started.
    /// </param>
    public void Close(bool cancelPending)
    {
        MarkClosed();
        _session.Close(cancelPending);
    }

    /// <summary>Records that the pool was closed: workers that end from now on are not replaced.</summary>
    private void MarkClosed()
    {
        _isClosed = true;
        _telemetry.MarkClosed();
    }

    /// <summary>Reports unobserved failures on standard error, once.</summary>
    private async Task ReportUnseenAsync()
    {
        if (_session.UnseenFailures.TakeReport() is { } report)
            await StandardError.WriteLineAsync(report).ConfigureAwait(false);
    }
}
