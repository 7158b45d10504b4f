using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>
    /// The shortest time limit for leaving a pool that does not answer, and the limit for the end of the workers of a local pool.
    /// </summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Gets whether the pool survives this program; see <see cref="PoolOptions.DurableName"/>.</summary>
    public bool IsDurable => _options.DurableName is not null;

    /// <summary>
    /// Gets the id of the last job that this program has submitted to the pool; 0 when there is none. In a durable pool, of the last
    /// accepted one.
    /// </summary>
    public long LastJobId => _session.LastJob;

    /// <summary>
    /// Returns a handle for a job of a durable pool that this or another program submitted. Several programs can attach to a job at the
    /// same time, and each receives the outcome. It is retained until each of them has acknowledged it
    /// (<see cref="PoolOptions.Acknowledgment"/>) or has left, or for <see cref="PoolOptions.ResultRetention"/>. A job may have several
    /// handles in one program; one acknowledgment counts for all of them.
    /// </summary>
    /// <typeparam name="T">The result type of the function.</typeparam>
    /// <param name="jobId">The <see cref="JobHandle.Id"/> of the job.</param>
    /// <returns>The handle. Awaiting it throws <see cref="JobNotFoundException"/> when the job id is unknown or expired.</returns>
    /// <exception cref="InvalidOperationException">
    /// The pool is not durable or has ended in this program, or this program waits for the acceptance of the job.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="jobId"/> is not positive.</exception>
    public JobHandle<T> Attach<T>(long jobId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobId);
        RequireDurable("job", jobId);
        var handle = new JobHandle<T>(_control);
        handle.Pending.Id = new JobId(jobId);
        ((IDurablePoolSession)_session).AttachJobs([handle.Pending]);
        return handle;
    }

    /// <summary>
    /// Closes a durable pool for all programs, also without having opened it. From then on it accepts no job: handles of new jobs throw
    /// <see cref="InvalidOperationException"/>. Its jobs run to their end; then the pool ends in each program, as if that had
    /// completed it. The pool is deleted when no result is retained any more; then its name stands for a new pool. Thread-safe.
    /// </summary>
    /// <param name="name">The <see cref="PoolOptions.DurableName"/>, from 1 to 200 characters.</param>
    /// <param name="connect">The coordinators, as in <see cref="StartAsync"/>; null for a pool in a store of this machine.</param>
    /// <param name="store">The store of a pool on this machine; null with <paramref name="connect"/>.</param>
    /// <param name="cancelPending">Whether to cancel the jobs that have not ended. Default: false.</param>
    /// <param name="cancellationToken">Cancels the wait. The pool may be closed nevertheless.</param>
    /// <returns>True when the pool exists and is closed; false when there is no such pool.</returns>
    /// <exception cref="ArgumentException">
    /// The name is too short or too long; or both or none of <paramref name="connect"/> and <paramref name="store"/> are given.
    /// </exception>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers at <paramref name="connect"/>.</exception>
    /// <exception cref="CoordinatorLostException">The pool did not answer in time.</exception>
    /// <exception cref="DurableStoreException">The store is unusable.</exception>
    /// <exception cref="InvalidOperationException">The coordinators have no store.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public static async Task<bool> CloseAsync(
        string name, string? connect = null, DurableStore? store = null, bool cancelPending = false,
        CancellationToken cancellationToken = default)
    {
        var closed = await DurablePoolRequest.Create(name, connect, store).SendAsync<PoolProtocol.DurablePoolClosed>(
            id => new PoolProtocol.CloseDurablePool(id, cancelPending), cancellationToken).ConfigureAwait(false);
        return closed.Exists;
    }

    internal static void RequireStore(string? connect, PoolOptions options)
    {
        if (connect is null && options.DurableName is not null && options.Store is null)
        {
            throw new ArgumentException(
                $"The durable pool '{options.DurableName}' needs a {nameof(PoolOptions.Store)} when it does not connect to a cluster, such "
                + "as "
                + "new SqliteStore(\"jobs.db\") of the package Actors.Durability.",
                nameof(options));
        }

        if (options.Store is not null && (connect is not null || options.DurableName is null))
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions.Store)} is only for durable pools on this machine: the coordinators of a cluster have their own "
                + "store. "
                + $"Leave it out, or set {nameof(PoolOptions.DurableName)} without connect.",
                nameof(options));
        }
    }

    private void RequireDurable(string kind, object id)
    {
        if (!IsDurable)
        {
            throw new InvalidOperationException(
                $"Cannot attach to {kind} {id}: the pool is not durable. Set {nameof(PoolOptions)}.{nameof(PoolOptions.DurableName)}.");
        }
    }

    /// <exception cref="CoordinatorLostException">The pool did not answer, or the coordinator was lost.</exception>
    /// <exception cref="DurableStoreException">The store failed.</exception>
    private async Task<PoolSummary> DetachPoolAsync()
    {
        var session = (IDurablePoolSession)_session;
        try
        {
            await WaitUntilDetachedAsync(session).ConfigureAwait(false);
            var summary = await session.Finished.ConfigureAwait(false);
            await session.UnloadPoolAsync().WaitAsync(LeaveTimeout, session.Clock).ConfigureAwait(false);
            return summary;
        }
        catch (TimeoutException exception)
        {
            throw new CoordinatorLostException("The pool did not answer in time while it was disposed.", exception);
        }
    }

    /// <summary>Waits until the jobs of this program are accepted, as long as the pool accepts some at times.</summary>
    private async Task WaitUntilDetachedAsync(IDurablePoolSession session)
    {
        var detached = session.DetachClientAsync();
        var isShort = _options.ReconnectFor >= TimeSpan.Zero && _options.ReconnectFor < LeaveTimeout;
        var patience = isShort ? LeaveTimeout : _options.ReconnectFor;
        for (var unaccepted = session.UnacceptedJobs; ; unaccepted = session.UnacceptedJobs)
        {
            try
            {
                await detached.WaitAsync(patience, session.Clock).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (session.UnacceptedJobs < unaccepted)
            {
                // A long backlog is written.
            }
        }
    }

    /// <summary>Gets the failure of a disposal after which submitted jobs may be lost, which may be unawaited; null for none.</summary>
    private Exception? FindUnacceptedFailure(Exception reason) =>
        IsDurable && ((IDurablePoolSession)_session).UnacceptedJobs is > 0 and var unaccepted
            ? EndExceptions.WithMessage(
                reason,
                $"The durable pool '{_options.DurableName}' was disposed, and {unaccepted:N0} submitted jobs may not be accepted: "
                + $"{reason.Message} Submit them again with their keys, and await their acceptance.")
            : null;
}
