using System.Collections.Immutable;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>The ends of jobs, and the end of the pool.</summary>
internal sealed partial class ClientPoolState
{
    private int _unacceptedAtEnd;

    /// <summary>Whether the pool ended on request and no outcome is missing.</summary>
    public bool IsEndExpected => _jobs.Count == 0
        && (_ending.Request == ClientPoolEnd.Detached || ((_ending.IsRequested || _ending.IsFinished) && _receipts.IsEmpty));

    /// <summary>
    /// Whether the pool was terminated and is not opened again for that. A durable pool still has to receive the request.
    /// </summary>
    public bool EndsWithoutPool => IsTerminated && IsReconnecting;

    private bool IsTerminated => rules.RetainsJobs && _ending.Request == ClientPoolEnd.Terminated;

    /// <summary>Takes the jobs with these outcomes, which ended in this process or were downloaded.</summary>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="ended">Receives each outcome with its job. The caller ends the job.</param>
    public void TakeEnded(ImmutableArray<JobOutcome> outcomes, List<EndedJob> ended)
    {
        _pace.RecordProgress();
        foreach (var outcome in outcomes)
        {
            if (outcome.Stored is not null)
                _effects.Enqueue(new ClientPoolEffect.StartDownload(outcome));
            else
                ended.Add(TakeJob(outcome));
        }
    }

    /// <summary>Accepts no more jobs. Submitted jobs continue; with <paramref name="cancelPending"/> only started ones.</summary>
    public void Close(bool cancelPending)
    {
        if (!_ending.TryClose() && (!cancelPending || HasEnded || _ending.IsFinal))
            return;
        if (cancelPending)
            WithdrawAll();
        CloseWhenSent();
    }

    /// <summary>
    /// Detaches from the pool: accepted jobs continue, at the coordinator or when the pool is opened again. A terminated pool detaches when
    /// its jobs have ended.
    /// </summary>
    public void Detach()
    {
        if (!_ending.CanDetach)
            return;
        if (_phase == ClientPoolPhase.Open)
        {
            SendAll();
            SendReceivedAcks();
        }

        _ending.BeginDetaching(rules.Name);
        // The pool confirms this request too.
        _ends.ForgetEnd();
        RequestEnd(ClientPoolEnd.Detached);
    }

    /// <summary>Begins to end every job: no job is sent or accepted. <see cref="RequestTermination"/> follows.</summary>
    /// <returns>The jobs that end now. Those of a durable pool end when that is written.</returns>
    public IReadOnlyCollection<PendingJob> BeginTermination()
    {
        CancelTransfers();
        _ending.BeginTermination();
        _queue.DropWaiting();
        return rules.IsDurable ? [] : TakeAllJobs();
    }

    /// <summary>Asks the pool to end all jobs. Those of <see cref="BeginTermination"/> have ended: the pool may finish now.</summary>
    public void RequestTermination()
    {
        if (!_ending.IsFinished)
            RequestEnd(ClientPoolEnd.Terminated);
    }

    /// <summary>Records that the pool failed. A durable pool that is reopened elsewhere may continue.</summary>
    public void OnFailed(Exception failure) => _ending.OnFailed(failure);

    /// <summary>
    /// Ends the session after the pool has finished. That of a durable pool stays connected until it detaches, because code may still
    /// receive outcomes, which are acknowledged then. <see cref="HasEnded"/> tells which. May be repeated.
    /// </summary>
    /// <returns>The reason, and the remaining jobs, which end with it.</returns>
    public (Exception Reason, IReadOnlyCollection<PendingJob> Jobs) FinishSession()
    {
        if (!rules.IsDurable || _ending.Request == ClientPoolEnd.Detached)
            return EndSession();
        _ending.Finish();
        var reason = FindEndReason();
        var jobs = EndJobs(reason);
        // Code that terminates a pool does not wait for its outcomes.
        if (_ending.Request == ClientPoolEnd.Terminated)
            Detach();
        return (reason, jobs);
    }

    /// <summary>Ends the session, because the pool does not exist any more.</summary>
    /// <returns>The reason, and the remaining jobs, which end with it.</returns>
    public (Exception Reason, IReadOnlyCollection<PendingJob> Jobs) EndSession()
    {
        var reason = FindEndReason();
        return (reason, EndWith(reason));
    }

    /// <summary>Ends the session, because the pool was lost.</summary>
    /// <returns>The remaining jobs, which end with this reason.</returns>
    public IReadOnlyCollection<PendingJob> EndWithLoss(Exception reason)
    {
        _ending.EndWithLoss(reason);
        return EndWith(reason);
    }

    private Exception FindEndReason() => _ending.Reason ?? new PoolTerminatedException("The pool has ended.");

    private PendingJob[] EndWith(Exception reason)
    {
        _phase = ClientPoolPhase.Ended;
        return EndJobs(reason);
    }

    private PendingJob[] EndJobs(Exception reason)
    {
        CancelTransfers();
        _ending.EndWith(reason);
        // A later pool of this name must not run jobs whose handles have ended.
        _queue.DropWaiting();
        return TakeAllJobs();
    }

    private PendingJob[] TakeAllJobs()
    {
        _unacceptedAtEnd = UnacceptedJobs;
        PendingJob[] jobs = [.. _jobs.Values];
        _jobs.Clear();
        return jobs;
    }

    private EndedJob TakeJob(JobOutcome reported)
    {
        var outcome = reported.OrWorkerLost(reported.FindContradiction());
        // A durable pool cancels the jobs of a program that terminates it.
        if (outcome.Status == JobStatus.Canceled && _ending.Request == ClientPoolEnd.Terminated)
            outcome = outcome with { Status = JobStatus.PoolTerminated };
        if (_jobs.Remove(outcome.Id.Value, out var job))
            ForgetRequests(job);
        if (rules.IsDurable)
            RecordReceipt(outcome, job);
        return new EndedJob(outcome, job);
    }

    private void ForgetRequests(PendingJob job)
    {
        for (var handle = job; handle is not null; handle = handle.Next)
        {
            if (!handle.IsCanceled && !handle.IsAttached)
                continue;
            _cancels.RemoveRepeated(job.Id);
            _attached.Remove(job.Id);
        }
    }

    private void WithdrawAll()
    {
        _cancels.WithdrawAll();
        foreach (var job in _uploading.ToArray())
            CancelUpload(job);
        // Otherwise it is sent with the last request, after all jobs.
        if (_ending.Request != ClientPoolEnd.Closing)
            SendWithdrawAll();
    }

    private void SendWithdrawAll()
    {
        if (_cancels.WithdrawsAll)
            Send(new PoolProtocol.WithdrawAllJobs());
    }

    /// <summary>Closes the pool, unless uploads run or it is disconnected: jobs that were not sent would count as delivered.</summary>
    private void CloseWhenSent()
    {
        if (_ending.Request != ClientPoolEnd.Closing || _uploading.Count > 0 || _phase != ClientPoolPhase.Open)
            return;
        SendAll();
        SendWithdrawAll();
        RequestEnd(ClientPoolEnd.Closed);
    }

    /// <summary>Sends the last request, which is repeated after a reconnect.</summary>
    private void RequestEnd(ClientPoolEnd end)
    {
        _ending.SetRequest(end);
        SendEndRequest();
        StartComparing();
    }

    /// <summary>Sends the last request. It must not overtake a lost submission, so it has the number of the last one.</summary>
    private void SendEndRequest() => Send(_ending.Request switch
    {
        ClientPoolEnd.Closed => new PoolProtocol.ClosePool(_queue.LastNumber),
        ClientPoolEnd.Detached => new PoolProtocol.DetachFromPool(Unload: !rules.IsRemote, _queue.LastNumber, Range),
        _ => new PoolProtocol.TerminatePool(),
    });
}

/// <summary>A job that has ended.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Job">The first handle of the job in this program; null for none.</param>
internal readonly record struct EndedJob(JobOutcome Outcome, PendingJob? Job);
