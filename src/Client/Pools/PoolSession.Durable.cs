using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// The parts for durable pools, which exist before and after their client and retain outcomes until these are acknowledged.
/// </summary>
internal sealed partial class PoolSession
{
    private readonly SessionId _session = SessionId.New();
    private long _range = -1;
    private bool _isDetached;

    /// <summary>The id of the last submitted job; in a durable pool of the last accepted one. 0 for none.</summary>
    public long LastJob
    {
        get
        {
            lock (_submitting)
                return !_spec.IsDurable ? _lastId : _lastAccepted == SessionRange.GetStart(_range).Value ? 0 : _lastAccepted;
        }
    }

    /// <summary>Whether this session has the id of a job. The other ids of a durable pool belong to other sessions.</summary>
    private bool IsOwn(JobId job) => !_spec.IsDurable || SessionRange.GetRange(job) == _range;

    /// <summary>Why the session accepts no job; null when it does.</summary>
    private Exception? FindRefusal() => _failure ?? _endReason ?? _closedBefore ?? (IsOwn(new JobId(_lastId + 1))
        ? null
        : new InvalidOperationException(
            $"This program has submitted {SessionRange.Size - 1:N0} jobs to the durable pool '{_spec.Name}', which is the limit. Open the "
            + "pool again."));

    /// <summary>Attaches to a job that was accepted earlier.</summary>
    /// <exception cref="InvalidOperationException">The session is already attached to the job, or has ended.</exception>
    public void AttachJob(PendingJob job, long id)
    {
        lock (_submitting)
        {
            if (_hasEnded)
            {
                throw new InvalidOperationException(
                    $"Cannot attach to job {id}: the durable pool '{_spec.Name}' has ended in this program. Open it again by its name "
                    + "first.",
                    _failure ?? _endReason);
            }

            job.Id = new JobId(id);
            job.MarkAccepted();
            TrackReceipt(job);
            if (id <= _lastId || !IsOwn(job.Id))
            {
                if (!_pending.TryAdd(job))
                    throw new InvalidOperationException($"Job {id} was submitted here or attached before: use the existing handle.");
                MarkAttached(job);
                _pool.Tell(new PoolProtocol.AttachToJobs([job.Id]), _self);
                StartWatching();
                return;
            }
        }

        // The pool does not know this job, and the next submitted job may get its number.
        job.Complete(new JobOutcome(job.Id, JobStatus.Unknown, default, null, 0));
    }

    private void MarkAttached(PendingJob job)
    {
        job.IsAttached = true;
        _attached.Add(job.Id);
    }

    /// <summary>Asks for the outcomes of the attached jobs. Call it under the lock.</summary>
    private void SendAttached()
    {
        foreach (var part in _attached.Count == 0 ? [] : WireLimits.SplitIntoBatches([.. _attached], static _ => sizeof(long)))
            _pool.Tell(new PoolProtocol.AttachToJobs(part), _self);
    }

    /// <summary>
    /// Detaches from the pool: accepted jobs continue, at the coordinator or when the pool is opened again. Does nothing when the pool was
    /// terminated.
    /// </summary>
    public void DetachClient()
    {
        lock (_submitting)
        {
            if (_lastRequest is PoolProtocol.TerminatePool)
                return;
            (_isDetached, _closesWhenSent) = (true, false);
            if (!_isReconnecting)
            {
                SendAll();
                SendReceivedAcks();
            }

            _endReason = new PoolTerminatedException(
                $"The durable pool '{_spec.Name}' was disposed in this program. Its jobs continue: open it by its name and attach to them "
                + "by id.");
            SendLastRequest(new PoolProtocol.DetachFromPool(Unload: !_isRemote));
        }
    }

    /// <summary>
    /// Completes when this process has stopped writing for the pool, so that its store can be moved or deleted, or when another pool of
    /// this process uses it.
    /// </summary>
    public async Task UnloadPoolAsync()
    {
        if (_isRemote || _pool.IsNobody())
            return;
        using var done = new CancellationTokenSource();
        var answer = _pool.Ask<PoolProtocol.PoolFinished>(new PoolProtocol.DetachFromPool(Unload: true), done.Token);
        await Task.WhenAny(_pool.WatchAsync(done.Token), answer).ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>The pool refused this client.</summary>
    internal void OnRefused(PoolProtocol.PoolRefused refused) => EndWithLoss(
        refused.IsOverLimit ? new ClientLimitException(refused.Reason)
        : _wasOpen ? new PoolTerminatedException(refused.Reason)
        : new InvalidOperationException(refused.Reason));
}
