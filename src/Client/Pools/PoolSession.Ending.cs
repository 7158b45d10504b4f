using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>How a pool ends, and with it what was left.</summary>
internal sealed partial class PoolSession
{
    private bool _wasClosed;
    private bool _hasEnded;

    /// <summary>Throws unless the pool takes jobs.</summary>
    /// <exception cref="InvalidOperationException">The pool takes no jobs any more.</exception>
    public void RequireOpen()
    {
        lock (_submitting)
        {
            if ((_failure ?? _over ?? _closedBefore) is { } reason)
                throw reason;
        }
    }

    /// <summary>No more jobs; those that are there go on, or only those that have begun.</summary>
    public void Close(bool cancelPending = false)
    {
        lock (_submitting)
        {
            if (_over is null)
            {
                _over = new InvalidOperationException("Pool not running: it was closed and takes no more jobs.");
                _closes = _wasClosed = true;
            }
            else if (!cancelPending || _isDetached || _lastWord is PoolProtocol.Terminate)
            {
                return;
            }

            if (cancelPending)
                WithdrawAll();
            CloseWhenSent();
        }
    }

    private void WithdrawAll()
    {
        _withdrawsAll = true;
        foreach (var job in _sending.Keys.ToArray())
            StopSending(job);
        // Otherwise it goes with the last word, when everything has been sent.
        if (!_closes && !_isLooking)
            SendWithdrawAll();
    }

    /// <summary>Every job ends now; those of a durable pool when that is written.</summary>
    public void Terminate()
    {
        StopTransfers();
        var over = new PoolTerminatedException("Pool not running: it was terminated and takes no more jobs.");
        lock (_submitting)
        {
            _over = over;
            // The pool need not be sent those that have not gone yet.
            _gathered.Clear();
            _batches.Clear();
        }

        if (!_spec.IsDurable)
            EndUnasked(_failure ?? new PoolTerminatedException("Dropped: the pool was terminated."));
        lock (_submitting)
            SayLast(new PoolProtocol.Terminate());

        // There is none to terminate.
        if (IsTerminated && _isLooking)
            Finish();
    }

    /// <summary>The pool says nothing of them: there may be a million.</summary>
    private void EndUnasked(Exception reason)
    {
        var ends = new NamedEnds(reason);
        // Each is counted before its end is seen: the pool may finish meanwhile.
        foreach (var job in _pending.All)
            Drop(job, ends);
    }

    /// <summary>The pool is over. Jobs that were still on their way to it end here.</summary>
    internal void Finish()
    {
        _ = _output.EndAsync();
        StopTransfers();
        FailPending(_failure ?? _over ?? new PoolTerminatedException("The pool has ended."));
        _finished.TrySetResult(_tally.Summary());
    }

    private void LoseForGood(Exception exception)
    {
        lock (_submitting)
            _over = exception;
        _opened.TrySetException(exception);
        StopTransfers();
        FailPending(exception);
        _ = _output.EndAsync();
        _finished.TrySetException(exception);
    }

    private void FailPending(Exception exception)
    {
        lock (_submitting)
        {
            _hasEnded = true;
            _over ??= exception;
        }

        var ends = new NamedEnds(exception);
        foreach (var job in _pending.All)
            Drop(job, ends);
    }

    private void Drop(PendingJob job, NamedEnds ends)
    {
        if (!_pending.Take(job.Id.Value, out _))
            return;
        _tally.Drop(job);
        LetGo(job);
        job.Fail(ends.Of(job));
    }

    /// <summary>Their coordinator was lost while they may have been running.</summary>
    private void Lose(IEnumerable<PendingJob> jobs, CoordinatorLostException exception)
    {
        var ends = new NamedEnds(exception);
        foreach (var job in jobs)
        {
            if (!_pending.Take(job.Id.Value, out _))
                continue;
            LetGo(job);
            var end = ends.Of(job);
            job.Fail(end);
            _tally.Count(job, JobStatus.WorkerLost, end);
        }
    }

    private void LetGo(PendingJob job)
    {
        if (job.HasPlace)
            _room.Release();
        // Not Dispose: that waits for a callback, which may wait for the lock that this thread holds (dispatch is inline).
        job.Cancellation.Unregister();
        (job.Kept, job.Spec) = (null, null);
    }
}
