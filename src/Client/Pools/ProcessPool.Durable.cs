using Actors.Messages.Values;

namespace Actors;

public sealed partial class ProcessPool
{
    /// <summary>How long leaving a pool may take whose coordinator does not answer.</summary>
    private static readonly TimeSpan DetachTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether the pool outlives this program; see <see cref="PoolOptions.DurableName"/>.</summary>
    public bool IsDurable => _options.DurableName is not null;

    /// <summary>The id of the last job of the pool: of a durable one that was there before, also of those that other programs submitted. 0 when there is none.</summary>
    public long LastJobId => _session.LastJob;

    /// <summary>
    /// Waits for a job of a durable pool that was submitted before, by this program or another: as though the handle had been kept. A job's outcome
    /// is kept until somebody has got it, or for <see cref="PoolOptions.ResultsKeptFor"/>.
    /// </summary>
    /// <typeparam name="T">What the job's function returns.</typeparam>
    /// <param name="jobId">Its <see cref="JobHandle.Id"/>.</param>
    /// <returns>The handle; awaiting it throws <see cref="JobNotFoundException"/> when the pool does not know the job (any more).</returns>
    /// <exception cref="InvalidOperationException">The pool is not durable or has ended here, or the job is waited for here already.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="jobId"/> is not positive.</exception>
    public JobHandle<T> Attach<T>(long jobId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobId);
        if (!IsDurable)
            throw new InvalidOperationException($"Only a durable pool knows jobs that this object did not submit: give it a {nameof(PoolOptions.DurableName)}.");
        var handle = new JobHandle<T>(static payload => ValueSerializer.Read<T>(payload.Span), _control, _callbacks.For<T>(null));
        handle.Pending.Owner = this;
        _session.Attach(handle.Pending, jobId);
        return handle;
    }

    private static void RequireStore(string? connect, PoolOptions options)
    {
        if (connect is null && options.DurableName is not null && options.Store is null)
        {
            throw new ArgumentException(
                $"A durable pool of this program's own needs a {nameof(PoolOptions.Store)}, such as new SqliteStore(\"jobs.db\") of the package Actors.Durability.", nameof(options));
        }

        if (options.Store is not null && (connect is not null || options.DurableName is null))
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions.Store)} is for durable pools of this program's own: a cluster's coordinators have theirs, and other pools write nothing.", nameof(options));
        }
    }

    private async Task<PoolSummary> DetachAsync()
    {
        _session.Detach();
        try
        {
            var summary = await _session.Finished.WaitAsync(DetachTimeout).ConfigureAwait(false);
            await _session.UnloadAsync().WaitAsync(DetachTimeout).ConfigureAwait(false);
            return summary;
        }
        catch (TimeoutException exception)
        {
            throw new CoordinatorLostException("The coordinator does not answer.", exception);
        }
    }
}
