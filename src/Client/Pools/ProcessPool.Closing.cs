using Actors.Logging;
using Actors.Pools;

namespace Actors;

/// <content>Closing, and the report at the end.</content>
public partial class ProcessPool
{
    /// <summary>The reason why the pool accepts no more jobs and runs none; null while it is open.</summary>
    internal Exception? EndReason =>
        FailureReason ?? (_session.Finished.IsCompleted ? new InvalidOperationException("The pool has ended.") : null);

    /// <summary>The reason why the pool failed or was lost; null while it works, and after a requested end.</summary>
    internal Exception? FailureReason => _session.Failure ?? _session.Finished.Exception?.InnerException;

    /// <summary>Whether the pool has lost its coordinator and looks for the next one. Its jobs wait.</summary>
    internal bool IsReconnecting => _session.IsReconnecting;

    /// <summary>Completes when every job and every worker has ended. Faulted if the coordinator was lost.</summary>
    internal Task Ended => _session.Finished;

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

    /// <summary>
    /// Closes the pool and waits for its jobs: combines <see cref="Close()"/> and <see cref="JoinAsync"/>, for the end of an
    /// <c>await using</c> block. In a durable pool it waits for the jobs of this program, and other programs continue. Results that are
    /// awaited between this call and the disposal are acknowledged; the pool retains the others.
    /// </summary>
    /// <returns>The numbers of jobs by outcome.</returns>
    /// <exception cref="InvalidOperationException">
    /// A callback of this pool blocks on the result and would wait for itself; see <see cref="JoinAsync"/>.
    /// </exception>
    /// <exception cref="PoolFailedException">The pool failed, for example because its initializer threw.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    public Task<PoolSummary> CompleteAsync(CancellationToken cancellationToken = default)
    {
        Close();
        return JoinAsync(cancellationToken);
    }

    /// <summary>
    /// Terminates the pool, as the end of Python's <c>with</c> block: unfinished jobs are dropped, and their number is written to standard
    /// error. Await <see cref="CompleteAsync"/> before to let them finish. A durable pool is detached instead: its jobs are retained and
    /// continue, at once on a cluster, otherwise when the pool is opened again. Does not throw when the pool failed or its coordinator was
    /// lost: the jobs report that. Only if submitted jobs of a durable pool may not be accepted, it throws after
    /// <see cref="PoolOptions.ReconnectFor"/> without an acceptance.
    /// </summary>
    /// <exception cref="CoordinatorLostException">Submitted jobs of a durable pool may not be accepted.</exception>
    /// <exception cref="DurableStoreException">The store failed, and submitted jobs may not be accepted.</exception>
    public async ValueTask DisposeAsync()
    {
        lock (_ending)
        {
            if (_isReleased)
                return;
            _isReleased = true;
        }

        _telemetry.MarkClosed();

        GC.SuppressFinalize(this);
        OpenPools.RemovePool(_session);
        // A pool that was terminated before has no unfinished jobs.
        var hasEnded = _session.Finished.IsCompleted;
        Exception? lost = null;
        try
        {
            var summary = await (IsDurable ? DetachPoolAsync() : TerminateAsync()).ConfigureAwait(false);
            if (summary.Dropped > 0 && !IsDurable && !hasEnded)
                await ClientLog.WriteAsync(CreateDroppedMessage(summary.Dropped)).ConfigureAwait(false);
        }
        catch (Exception exception) when (_session.Finished.IsFaulted || exception is CoordinatorLostException)
        {
            // The jobs report this exception. Thrown here, it would hide an exception of the caller's block.
            lost = hasEnded ? null : FindUnacceptedFailure(exception);
        }

        await ReportUnseenAsync().ConfigureAwait(false);
        await _session.OutputEnded.ConfigureAwait(false);
        await _session.ReleaseAsync().ConfigureAwait(false);
        if (lost is not null)
            throw lost;
    }

    /// <summary>Blocking form of <see cref="DisposeAsync"/>.</summary>
    public void Dispose()
    {
        Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).WaitForResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Records that the pool was closed: workers that end from now on are not replaced.</summary>
    private void MarkClosed()
    {
        _isClosed = true;
        _telemetry.MarkClosed();
    }

    /// <summary>Reports unobserved failures, once.</summary>
    private async Task ReportUnseenAsync()
    {
        foreach (var report in _session.UnseenFailures.TakeReports())
            await ClientLog.WriteAsync(report).ConfigureAwait(false);
    }
}
