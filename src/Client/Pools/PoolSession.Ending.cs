using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>How a pool ends, and with it what was left.</summary>
internal sealed partial class PoolSession
{
    private long _terminated;
    private bool _wasClosed;
    private bool _hasEnded;

    /// <summary>No more jobs; those that are there go on.</summary>
    public void Close()
    {
        lock (_submitting)
        {
            if (_over is not null)
                return;
            _over = new InvalidOperationException("Pool not running: it was closed and takes no more jobs.");
            _closes = _wasClosed = true;
            CloseWhenSent();
        }
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
            Fail(job, ends, ref _terminated);
    }

    /// <summary>The pool is over. Jobs that were still on their way to it end here.</summary>
    internal void Finish()
    {
        _ = _output.EndAsync();
        StopTransfers();
        var lost = FailPending(_failure ?? _over ?? new PoolTerminatedException("The pool has ended."));
        _finished.TrySetResult(_tally.Summary(lost + Interlocked.Read(ref _terminated)));
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

    private long FailPending(Exception exception)
    {
        lock (_submitting)
        {
            _hasEnded = true;
            _over ??= exception;
        }

        return FailAll(_pending.All, exception);
    }

    /// <returns>How many had not ended before.</returns>
    private long FailAll(IEnumerable<PendingJob> jobs, Exception exception)
    {
        var ends = new NamedEnds(exception);
        var failed = 0L;
        foreach (var job in jobs)
            Fail(job, ends, ref failed);
        return failed;
    }

    private void Fail(PendingJob job, NamedEnds ends, ref long count)
    {
        if (!_pending.Take(job.Id.Value, out _))
            return;
        Interlocked.Increment(ref count);
        LetGo(job);
        job.Fail(ends.Of(job));
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
