using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// What is special to a durable pool: it is there before its client and after it, and keeps outcomes until they are taken.
/// </summary>
internal sealed partial class PoolSession
{
    private const int MostTakenInAMessage = 100_000;

    private readonly UnwrittenTaken _unwrittenTaken = new();
    private bool _isDetached;

    /// <summary>The last job that was submitted, by this program or another before it.</summary>
    public long LastJob
    {
        get
        {
            lock (_submitting)
                return _lastId;
        }
    }

    /// <summary>Waits for a job that was accepted before.</summary>
    /// <exception cref="InvalidOperationException">This session waits for it already, or has ended.</exception>
    public void Attach(PendingJob job, long id)
    {
        lock (_submitting)
        {
            if (_hasEnded)
                throw new InvalidOperationException("The pool has ended here: open it again by its name, and attach then to what it has kept.", _failure ?? _over);
            job.Id = new JobId(id);
            if (id <= _lastId)
            {
                if (!_pending.Add(job))
                    throw new InvalidOperationException($"Job {id} is waited for already: it was submitted here, or attached to before.");
                _attached.Add(job.Id);
                _pool.Tell(new PoolProtocol.Attach([job.Id]), _self);
                Watch();
                return;
            }
        }

        // The pool has no such job, and the next that is submitted may get this number.
        job.Complete(new JobOutcome(job.Id, JobStatus.Unknown, default, null, 0));
    }

    /// <summary>Leaves the pool: what was accepted goes on, here or where it is opened next. Nothing when the pool was terminated.</summary>
    public void Detach()
    {
        lock (_submitting)
        {
            if (_lastWord is PoolProtocol.Terminate)
                return;
            (_isDetached, _closes) = (true, false);
            if (!_isLooking)
                SendAll();
            _over = new PoolTerminatedException("The durable pool was disposed here. Its jobs go on: open it again by its name, and attach to them by their ids.");
            SayLast(new PoolProtocol.Detach(Unload: !_isRemote));
        }
    }

    /// <summary>Ends when nothing is written for the pool in this process any more: its store may be moved or deleted then.</summary>
    public Task UnloadAsync()
    {
        if (_isRemote || _pool.IsNobody())
            return Task.CompletedTask;
        _pool.Tell(new PoolProtocol.Detach(Unload: true), _self);
        return _pool.WatchAsync();
    }

    /// <summary>The pool wants nothing of this client, or nothing any more.</summary>
    internal void Refused(string reason) => LoseForGood(_wasOpen ? new PoolTerminatedException(reason) : new InvalidOperationException(reason));

    /// <summary>
    /// Whether the pool need not keep an outcome that has arrived here. What nobody waits for is of a job that another program submitted: somebody may attach
    /// to it yet, unless this one has ended the pool.
    /// </summary>
    private bool IsTaken(JobOutcome outcome, bool isWaitedFor)
    {
        if (outcome.Status == JobStatus.Unknown)
            return false;
        if (isWaitedFor)
            return true;
        lock (_submitting)
            return _over is not null && !_isDetached;
    }

    private void SayTaken(ImmutableArray<JobId> jobs)
    {
        lock (_submitting)
        {
            _unwrittenTaken.Add(jobs);
            _pool.Tell(new PoolProtocol.Taken(jobs), _self);
        }
    }

    private void SayTakenAgain()
    {
        _unwrittenTaken.Lost();
        foreach (var jobs in _unwrittenTaken.Jobs.Chunk(MostTakenInAMessage))
            _pool.Tell(new PoolProtocol.Taken([.. jobs]), _self);
    }
}
