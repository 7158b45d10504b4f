using Actors.Messages.Values;
using Actors.Pools;

namespace Actors;

public partial class ProcessPool
{
    /// <summary>The time limit for detaching from a pool whose coordinator does not answer.</summary>
    private static readonly TimeSpan DetachTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Gets whether the pool survives this program; see <see cref="PoolOptions.DurableName"/>.</summary>
    public bool IsDurable => _options.DurableName is not null;

    /// <summary>
    /// Gets the id of the last job of the pool; 0 when there is none. In a durable pool, jobs that other programs submitted count too.
    /// </summary>
    public long LastJobId => _session.LastJob;

    /// <summary>
    /// Returns a handle for a job of a durable pool that this or another program submitted earlier. The outcome of a job is retained until
    /// it is acknowledged (<see cref="PoolOptions.Acknowledgement"/>), or for <see cref="PoolOptions.ResultRetention"/>.
    /// </summary>
    /// <typeparam name="T">The result type of the function.</typeparam>
    /// <param name="jobId">The <see cref="JobHandle.Id"/> of the job.</param>
    /// <returns>The handle. Awaiting it throws <see cref="JobNotFoundException"/> when the job id is unknown or expired.</returns>
    /// <exception cref="InvalidOperationException">
    /// The pool is not durable or has ended in this program, or a handle for the job exists in this program.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="jobId"/> is not positive.</exception>
    public JobHandle<T> Attach<T>(long jobId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobId);
        if (!IsDurable)
        {
            throw new InvalidOperationException(
                $"Cannot attach to job {jobId}: the pool is not durable. Set {nameof(PoolOptions)}.{nameof(PoolOptions.DurableName)}.");
        }

        var handle = new JobHandle<T>(
            static payload => ValueSerializer.ReadValue<T>(payload.Span), _control, _callbacks.GetEndAction<T>(null));
        handle.Pending.Owner = this;
        ((IDurablePoolSession)_session).AttachJob(handle.Pending, jobId);
        return handle;
    }

    private static void RequireStore(string? connect, PoolOptions options)
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

    private async Task<PoolSummary> DetachPoolAsync()
    {
        var session = (IDurablePoolSession)_session;
        session.DetachClient();
        try
        {
            var summary = await session.Finished.WaitAsync(DetachTimeout).ConfigureAwait(false);
            await session.UnloadPoolAsync().WaitAsync(DetachTimeout).ConfigureAwait(false);
            return summary;
        }
        catch (TimeoutException exception)
        {
            throw new CoordinatorLostException(
                $"The coordinator did not answer within {DetachTimeout.TotalSeconds:0} s while the durable pool was disposed.", exception);
        }
    }
}
