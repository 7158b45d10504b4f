using System.Collections.Immutable;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>The end of a pool and of its remaining jobs.</summary>
internal sealed partial class PoolSession
{
    private bool _wasClosed;
    private bool _hasEnded;

    /// <summary>Throws unless the pool accepts jobs.</summary>
    /// <exception cref="InvalidOperationException">The pool no longer accepts jobs.</exception>
    public void RequireOpen()
    {
        lock (_submitting)
        {
            if (FindRefusal() is { } reason)
                throw reason;
        }
    }

    /// <summary>Accepts no more jobs. Submitted jobs continue; with <paramref name="cancelPending"/> only started ones.</summary>
    public void Close(bool cancelPending = false)
    {
        lock (_submitting)
        {
            if (_endReason is null)
            {
                _endReason = PoolEndReasons.CreateClosed();
                _closesWhenSent = _wasClosed = true;
            }
            else if (!cancelPending || _isDetached || _lastRequest is PoolProtocol.TerminatePool)
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
        foreach (var job in _uploads.Keys.ToArray())
            CancelUpload(job);
        // Otherwise it is sent with the last request, after all jobs.
        if (!_closesWhenSent && !_isReconnecting)
            SendWithdrawAll();
    }

    /// <summary>Ends every job now; jobs of a durable pool end when that is written.</summary>
    public void Terminate()
    {
        StopTransfers();
        lock (_submitting)
        {
            _endReason = PoolEndReasons.CreateTerminated();
            // Jobs that were not sent need not be.
            _gathered.Clear();
            _batches.Clear();
        }

        if (!_spec.IsDurable)
            DropPending(_failure ?? PoolEndReasons.CreateDropped());
        lock (_submitting)
            SendLastRequest(new PoolProtocol.TerminatePool());

        // While reconnecting there is no pool to terminate.
        if (IsTerminated && _isReconnecting)
            EndSession();
    }

    /// <summary>Ends all pending jobs here. The pool sends no outcomes for them: there may be a million.</summary>
    private void DropPending(Exception reason)
    {
        var ends = new EndExceptions(reason);
        // Counted before its end is visible, because the pool may finish at that moment.
        foreach (var job in _pending.All)
            DropJob(job, ends);
    }

    /// <summary>Ends the session after the pool has ended, with the jobs that were in transit.</summary>
    internal void EndSession()
    {
        _ = _output.EndOutputAsync();
        StopTransfers();
        SendLastAcks();
        FailPending(_failure ?? _endReason ?? new PoolTerminatedException("The pool has ended."));
        _finished.TrySetResult(_tally.ToSummary());
    }

    private void EndWithLoss(Exception exception)
    {
        lock (_submitting)
            _endReason = exception;
        _opened.TrySetException(exception);
        StopTransfers();
        FailPending(exception);
        _ = _output.EndOutputAsync();
        _finished.TrySetException(exception);
    }

    private void FailPending(Exception exception)
    {
        lock (_submitting)
        {
            _hasEnded = true;
            _endReason ??= exception;
        }

        var ends = new EndExceptions(exception);
        foreach (var job in _pending.All)
            DropJob(job, ends);
    }

    private void DropJob(PendingJob job, EndExceptions ends)
    {
        if (!_pending.TryRemove(job.Id.Value, out var first))
            return;
        for (var handle = first; handle is not null; handle = handle.Next)
        {
            _tally.CountDropped(handle);
            ReleaseJob(handle);
            handle.EndWith(ends.GetException(handle));
        }
    }

    /// <summary>Ends jobs that may have been running when their coordinator was lost.</summary>
    private void LoseJobs(IEnumerable<PendingJob> jobs, CoordinatorLostException exception)
    {
        var ends = new EndExceptions(exception);
        foreach (var job in jobs)
        {
            if (!_pending.TryRemove(job.Id.Value, out _))
                continue;
            ReleaseJob(job);
            var end = ends.GetException(job);
            job.EndWith(end);
            _tally.CountJob(job, JobStatus.WorkerLost, end);
        }
    }

    private void ReleaseJob(PendingJob job)
    {
        if (job.HasSlot)
            _jobSlots.Release();
        // Not Dispose: it waits for the callback, which may wait for the lock that this thread holds (dispatch is inline).
        job.Cancellation.Unregister();
        (job.Retained, job.Spec) = (null, null);
    }

    internal void OnJobsEnded(ImmutableArray<JobOutcome> outcomes)
    {
        ObjectChannel.UseForThread(_runtime.Objects);
        _progress++;
        if (_spec.IsDurable)
        {
            EndRetained(outcomes);
        }
        else
        {
            foreach (var outcome in outcomes)
                EndHandles(TakeJob(outcome));
        }

        ObjectChannel.UseForThread(null);
    }

    private ArrivedOutcome TakeJob(JobOutcome reported)
    {
        var outcome = reported.OrWorkerLost(reported.FindContradiction());
        // A durable pool cancels the jobs of a program that terminates it.
        if (outcome.Status == JobStatus.Cancelled && _lastRequest is PoolProtocol.TerminatePool)
            outcome = outcome with { Status = JobStatus.PoolTerminated };
        _pending.TryRemove(outcome.Id.Value, out var job);
        return new ArrivedOutcome(outcome, job);
    }

    private void EndHandles(ArrivedOutcome arrived)
    {
        var outcome = arrived.Outcome;
        for (var handle = arrived.Job; handle is not null; handle = handle.Next)
        {
            ReleaseJob(handle);
            ForgetRequests(handle);
            _tally.CountJob(handle, outcome.Status, handle.EndWith(outcome));
            if (handle.Received is { } received && handle.MarkEnded())
                received(handle);
        }
    }
}
