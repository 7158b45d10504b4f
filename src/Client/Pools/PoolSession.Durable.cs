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
    private bool _isDetached;

    /// <summary>
    /// The number of the last submitted job; in a durable pool of the last accepted job, of this program or an earlier one.
    /// </summary>
    public long LastJob
    {
        get
        {
            lock (_submitting)
                return _spec.IsDurable ? _lastAccepted : _lastId;
        }
    }

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
            if (id <= _lastId)
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

    /// <summary>Completes when this process has stopped writing for the pool, so that its store can be moved or deleted.</summary>
    public Task UnloadPoolAsync()
    {
        if (_isRemote || _pool.IsNobody())
            return Task.CompletedTask;
        _pool.Tell(new PoolProtocol.DetachFromPool(Unload: true), _self);
        return _pool.WatchAsync();
    }

    /// <summary>The pool refused this client.</summary>
    internal void OnRefused(PoolProtocol.PoolRefused refused) => EndWithLoss(
        refused.IsOverLimit ? new ClientLimitException(refused.Reason)
        : _wasOpen ? new PoolTerminatedException(refused.Reason)
        : new InvalidOperationException(refused.Reason));
}
