using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Sends jobs and learns of their acceptance. Submissions are numbered and retained until the pool has accepted them; one is in transit at
/// a time. A durable pool reports the acceptance of each job, because the id of a job is known from then on. Any other pool does so from
/// the first request on: most callers only wait for results, and looking up each job takes time.
/// </summary>
internal sealed partial class ClientPoolState
{
    private readonly AcceptanceState _acceptance = new();
    private readonly KeyAnswers _keys = new();

    /// <summary>The pool has accepted the submissions up to a number; 0 for the first one.</summary>
    public void OnAccepted(long number)
    {
        // The pool has not compared keys, because it has refused these jobs or ended them.
        if (_keys.IsUsed)
            _keys.TryRecordAnswer(_queue.FindMessage(number));
        ContinueAfter(number);
    }

    /// <summary>The pool has accepted a submission with keys. A handle of a job that exists becomes one of the existing job.</summary>
    /// <returns>The jobs whose key belongs to another job; they end with this reason.</returns>
    public IReadOnlyList<(PendingJob Job, JobKeyConflictException Reason)> OnKeyedAccepted(PoolProtocol.KeyedJobsAccepted accepted)
    {
        List<(PendingJob Job, JobKeyConflictException Reason)> conflicts = [];
        var submission = _queue.FindMessage(accepted.Number);
        // Otherwise the answer is a repeated one.
        if (_keys.TryRecordAnswer(submission))
        {
            foreach (var existing in accepted.Existing)
                ApplyExisting(submission, existing, conflicts);
        }

        ContinueAfter(accepted.Number);
        return conflicts;
    }

    /// <summary>Requests that <see cref="PendingJob.MarkAccepted"/> is called soon after the pool has accepted the job.</summary>
    public void RequestAcceptance(PendingJob job)
    {
        if (rules.IsDurable || job.IsAcceptanceKnown)
            return;
        _acceptance.ReportAcceptance();
        if (!IsSent(job.Id))
            _acceptance.RequestNext();
        else if (_queue.FindMessage(job.Id) is not { } submission)
            job.MarkAccepted();
        else if (!_acceptance.IsRequested(submission.Number))
            SendComparison();
    }

    private void SendWaiting()
    {
        if (_acceptance.IsInTransit || _phase != ClientPoolPhase.Open || !_queue.HasWaiting)
            return;
        var jobs = _queue.TakeNext();
        SubmitJobs(jobs, _acceptance.BeginSubmission(IsOnlyJob(jobs), isUploading: _uploading.Count > 0));
        if (_cancels.HasUnsent)
            SendCancelRequests();
    }

    /// <summary>Sends all waiting jobs, which were accepted from the caller, before the last request.</summary>
    private void SendAll()
    {
        do
        {
            _acceptance.ReleaseNext();
            SendWaiting();
        }
        while (_queue.HasWaiting);
    }

    /// <summary>
    /// Whether this is the only outstanding job, so that waiting for the acknowledgment would batch nothing. The acknowledgment of a
    /// durable pool confirms that the job is written.
    /// </summary>
    private bool IsOnlyJob(ImmutableArray<JobSpec> jobs) => jobs.Length == 1 && !rules.IsDurable && _jobs.Count == 1;

    private void SubmitJobs(ImmutableArray<JobSpec> jobs, bool wantsAck)
    {
        if (rules.IsDurable)
            _unwrittenAcks.OnSubmitted();
        SendSubmission(_queue.AddMessage(jobs, _keys.HasKeys(jobs)), wantsAck);
        StartComparing();
    }

    private void SendSubmission(Submission submission, bool wantsAck)
    {
        if (wantsAck)
            _acceptance.OnRequested(submission.Number);
        Send(new PoolProtocol.SubmitJobs(submission.Jobs, wantsAck, submission.Number, _ends.Acknowledge()));
    }

    /// <summary>Sends the cancellations and withdrawals of jobs that were sent meanwhile.</summary>
    private void SendCancelRequests()
    {
        CancelAll(_cancels.TakeCancellations(IsSent));
        var withdrawn = _cancels.TakeWithdrawals(IsSent);
        if (!withdrawn.IsEmpty)
            SendWithdrawal(withdrawn);
    }

    private void CancelAll(ImmutableArray<JobId> jobs)
    {
        foreach (var part in SplitIds(jobs))
            Send(new PoolProtocol.CancelJobs(part));
    }

    private void SendWithdrawal(ImmutableArray<JobId> jobs) => Send(_cancels.CreateWithdrawal(jobs));

    private void SendAttached()
    {
        foreach (var part in SplitIds([.. _attached]))
            Send(new PoolProtocol.AttachToJobs(part));
    }

    private static IEnumerable<ImmutableArray<JobId>> SplitIds(ImmutableArray<JobId> jobs) =>
        jobs.IsEmpty ? [] : WireLimits.SplitIntoBatches(jobs, static _ => sizeof(long));

    private void ContinueAfter(long accepted)
    {
        _pace.RecordProgress();
        if (accepted == 0)
            ForgetFirst();
        else
            ForgetAccepted(accepted);
        _acceptance.ReleaseNext();
        SendWaiting();
    }

    /// <summary>Drops the submissions that the pool has accepted, up to one whose keys are not answered.</summary>
    private void ForgetAccepted(long number)
    {
        while (_queue.TryPeek(out var first) && first.Number <= number && !_keys.IsAwaited(first))
            ForgetFirst();
    }

    private void ForgetFirst()
    {
        if (!_queue.TryRemoveFirst(out var accepted))
            return;
        if (rules.IsDurable)
            _unwrittenAcks.OnAccepted();
        MarkAccepted(accepted);
    }

    private void MarkAccepted(Submission submission)
    {
        if (rules.IsDurable)
            _ids.MarkAccepted(_keys.ForgetSubmission(submission));
        else if (!_acceptance.IsReported)
            return;
        foreach (var job in submission.Jobs)
            FindJob(job.Id)?.MarkAccepted();
    }

    private void ApplyExisting(
        Submission submission, PoolProtocol.ExistingJob existing, List<(PendingJob Job, JobKeyConflictException Reason)> conflicts)
    {
        if (existing.Submitted == existing.Existing)
        {
            // The pool had accepted the job before. It may have told this session of its end since then.
            if (FindJob(existing.Submitted) is { } accepted)
                MarkAttached(accepted);
            return;
        }

        _keys.AddDuplicate(existing.Submitted);
        if (!_jobs.Remove(existing.Submitted.Value, out var job))
            return;
        _effects.Enqueue(new ClientPoolEffect.ForgetWithdrawal(job.Id));
        _cancels.RemoveRepeated(job.Id);
        if (existing.IsSame)
            MoveToExisting(job, existing.Existing);
        else
            conflicts.Add((job, CreateConflict(submission.Jobs.First(sent => sent.Id == job.Id), existing.Existing)));
    }

    private void MoveToExisting(PendingJob job, JobId existing)
    {
        job.Id = existing;
        job.MarkAccepted();
        // The outcome may have arrived before this answer, and the end of this session does not wait for jobs of others.
        MarkAttached(job);
        TryAddHandle(job);
        if (job.IsCanceled)
            CancelSent(existing);
    }

    private static JobKeyConflictException CreateConflict(JobSpec job, JobId existing) => new(
        $"The job ({job.Function.Name}) was not accepted: its key '{job.Policy.Key}' belongs to job {existing}, whose function or "
        + "arguments differ. Use another key, or attach to that job.",
        job.Policy.Key!, existing.Value);
}
