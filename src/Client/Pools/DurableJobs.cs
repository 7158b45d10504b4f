using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors;

/// <summary>
/// The jobs of a durable pool, by their ids. A program that lists or changes them need not have opened the pool, and may be of any build.
/// Thread-safe. Python has no counterpart.
/// </summary>
public sealed class DurableJobs
{
    private readonly DurablePoolRequest _request;

    /// <summary>Selects a durable pool. Sends no message.</summary>
    /// <param name="pool">The <see cref="PoolOptions.DurableName"/>, from 1 to 200 characters.</param>
    /// <param name="connect">
    /// The coordinators, as in <see cref="ProcessPool.StartAsync"/>; null for a pool in a store of this machine.
    /// </param>
    /// <param name="store">The store of a pool on this machine; null with <paramref name="connect"/>.</param>
    /// <exception cref="ArgumentException">
    /// The name is too short or too long; or both or none of <paramref name="connect"/> and <paramref name="store"/> are given.
    /// </exception>
    public DurableJobs(string pool, string? connect = null, DurableStore? store = null) =>
        _request = DurablePoolRequest.Create(pool, connect, store);

    /// <summary>Lists jobs in the order of their ids: those that have not ended, and those whose outcomes are retained.</summary>
    /// <param name="after">Lists jobs with greater ids only. Default: 0, from the first one.</param>
    /// <param name="count">The highest number of jobs, from 1 to 1,000. Default: 100.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The jobs. Fewer than <paramref name="count"/> when there are no more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is no such pool, or the coordinators have no store.</exception>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers.</exception>
    /// <exception cref="CoordinatorLostException">The pool did not answer in time.</exception>
    /// <exception cref="DurableStoreException">The store is unusable.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public async Task<IReadOnlyList<DurableJob>> ListAsync(long after = 0, int count = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1000);
        var listed = await _request.SendAsync<PoolProtocol.JobsListed>(
            id => new PoolProtocol.ListJobs(id, new JobId(after), count), cancellationToken).ConfigureAwait(false);
        RequirePool(listed.Exists);
        return [.. listed.Jobs.Select(DurableJob.FromListed)];
    }

    /// <summary>Finds a job.</summary>
    /// <param name="id">The <see cref="JobHandle.Id"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The job; null when the pool does not know it any more.</returns>
    /// <inheritdoc cref="ListAsync" path="/exception"/>
    public async Task<DurableJob?> FindAsync(long id, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        var next = await ListAsync(id - 1, 1, cancellationToken).ConfigureAwait(false);
        return next is [var job] && job.Id == id ? job : null;
    }

    /// <summary>Cancels those of the jobs that have not ended, as <see cref="JobHandle.Cancel"/> does.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The ids of the jobs that had not ended.</returns>
    /// <inheritdoc cref="ListAsync" path="/exception"/>
    public Task<IReadOnlyList<long>> CancelAsync(IEnumerable<long> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(PoolProtocol.JobChange.Cancel, ids, cancellationToken);

    /// <summary>
    /// Runs jobs again that have ended without a result. A job keeps its id, its key, and, unless it is <see cref="JobBuild.Newest"/>, its
    /// code. Handles that have its outcome do not change; attach again to wait for the new one.
    /// </summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The ids of the jobs that run again.</returns>
    /// <inheritdoc cref="ListAsync" path="/exception"/>
    public Task<IReadOnlyList<long>> RetryAsync(IEnumerable<long> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(PoolProtocol.JobChange.Retry, ids, cancellationToken);

    /// <summary>Forgets the outcomes of jobs that have ended, also those that are not acknowledged.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The ids of the jobs that are forgotten.</returns>
    /// <inheritdoc cref="ListAsync" path="/exception"/>
    public Task<IReadOnlyList<long>> DeleteAsync(IEnumerable<long> ids, CancellationToken cancellationToken = default) =>
        ChangeAsync(PoolProtocol.JobChange.Delete, ids, cancellationToken);

    private async Task<IReadOnlyList<long>> ChangeAsync(
        PoolProtocol.JobChange change, IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var changed = new List<long>();
        foreach (var part in WireLimits.SplitIntoBatches([.. ids.Distinct().Select(id => new JobId(id))], static _ => sizeof(long)))
        {
            var answer = await _request.SendAsync<PoolProtocol.JobsChanged>(
                pool => new PoolProtocol.ChangeJobs(pool, change, part), cancellationToken).ConfigureAwait(false);
            RequirePool(answer.Exists);
            changed.AddRange(answer.Jobs.Select(job => job.Value));
        }

        return changed;
    }

    private void RequirePool(bool exists)
    {
        if (!exists)
        {
            throw new InvalidOperationException(
                $"There is no durable pool '{_request.Name}'. Check the name, and the coordinators or the store.");
        }
    }
}

/// <summary>A job of a durable pool, as <see cref="DurableJobs"/> lists it. Immutable.</summary>
/// <param name="Id">The <see cref="JobHandle.Id"/>.</param>
/// <param name="State">The state.</param>
/// <param name="Function">The name of its function; empty if an earlier version has stored the job.</param>
/// <param name="Key">The <see cref="JobOptions.Key"/>; null for none.</param>
/// <param name="Priority">The <see cref="JobOptions.Priority"/>.</param>
/// <param name="LostAttempts">The number of attempts that were lost with their workers, of a pending job.</param>
/// <param name="EndedAt">When the job ended; null while it is pending.</param>
/// <param name="Failure">The message of its exception, up to 500 characters; null for none.</param>
/// <param name="Build">The hash of the code with which it was submitted, in hexadecimal digits.</param>
public sealed record DurableJob(
    long Id, DurableJobState State, string Function, string? Key, int Priority, int LostAttempts, DateTimeOffset? EndedAt,
    string? Failure, string Build)
{
    internal static DurableJob FromListed(PoolProtocol.ListedJob job) => new(
        job.Id.Value,
        job.Status switch
        {
            null => job.WaitsForBuild ? DurableJobState.WaitingForBuild : DurableJobState.Pending,
            JobStatus.Succeeded => DurableJobState.Succeeded,
            JobStatus.Canceled => DurableJobState.Canceled,
            _ => DurableJobState.Failed,
        },
        job.Function, job.Key, job.Priority, job.LostAttempts,
        job.Status is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(job.EndedAt), job.Failure, $"{job.Bundle}");
}

/// <summary>The state of a job of a durable pool.</summary>
public enum DurableJobState
{
    /// <summary>It waits for a worker or runs.</summary>
    Pending,

    /// <summary>It has ended with a result, which is retained.</summary>
    Succeeded,

    /// <summary>It has ended without a result, for example with an exception of its function.</summary>
    Failed,

    /// <summary>It was canceled.</summary>
    Canceled,

    /// <summary>
    /// It waits for a build that knows its name; see <see cref="JobAttribute"/>. It runs when a program of such a build opens the pool.
    /// </summary>
    WaitingForBuild,
}
