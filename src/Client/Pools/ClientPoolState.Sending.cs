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
    // Submissions with keys whose answer has arrived, and the jobs that existed already.
    private readonly HashSet<long> _answered = [];
    private readonly HashSet<JobId> _duplicates = [];
    private bool _usesKeys;
    private bool _reportsAcceptance;
    private bool _awaitsAcceptance;
    private long _lastAccepted;
    private long _lastToAcknowledge;

    /// <summary>The pool has accepted the submissions up to a number; 0 for the first one.</summary>
    public void OnAccepted(long number)
    {
        // The pool has not compared keys, because it has refused these jobs or ended them.
        if (_usesKeys && _queue.Unaccepted.Any(sent => sent.Number == number && sent.HasKeys))
            _answered.Add(number);
        ContinueAfter(number);
    }

    /// <summary>The pool has accepted a submission with keys. A handle of a job that exists becomes one of the existing job.</summary>
    /// <returns>The jobs whose key belongs to another job; they end with this reason.</returns>
    public IReadOnlyList<(PendingJob Job, JobKeyConflictException Reason)> OnKeyedAccepted(PoolProtocol.KeyedJobsAccepted accepted)
    {
        List<(PendingJob Job, JobKeyConflictException Reason)> conflicts = [];
        var submission = _queue.Unaccepted.FirstOrDefault(sent => sent.Number == accepted.Number);
        // Otherwise the answer is a repeated one.
        if (submission.HasKeys && _answered.Add(accepted.Number))
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
        _reportsAcceptance = true;
        if (!IsSent(job.Id))
            _awaitsAcceptance = true;
        else if (_queue.FindMessage(job.Id) is not { } submission)
            job.MarkAccepted();
        else if (submission.Number > _lastToAcknowledge)
            SendComparison();
    }

    private void SendWaiting()
    {
        if (_isSending || _phase != ClientPoolPhase.Open || !_queue.HasWaiting)
            return;
        var jobs = _queue.TakeNext();
        _isSending = !IsOnlyJob(jobs) || _awaitsAcceptance;
        // The awaited job may be one whose arguments are still uploaded.
        _awaitsAcceptance &= _uploading.Count > 0;
        SubmitJobs(jobs, wantsAck: _isSending);
        SendCanceled();
        SendWithdrawn();
    }

    /// <summary>Sends all waiting jobs, which were accepted from the caller, before the last request.</summary>
    private void SendAll()
    {
        do
        {
            _isSending = false;
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
        SendSubmission(_queue.AddMessage(jobs, _usesKeys && jobs.Any(static job => job.Policy.Key is not null)), wantsAck);
        StartComparing();
    }

    private void SendSubmission(Submission submission, bool wantsAck)
    {
        if (wantsAck)
            _lastToAcknowledge = submission.Number;
        _acknowledged = _ended.Last;
        Send(new PoolProtocol.SubmitJobs(submission.Jobs, wantsAck, submission.Number, _acknowledged));
    }

    private void SendCanceled()
    {
        if (_canceled.Count == 0)
            return;
        var sent = _canceled.Where(IsSent).ToImmutableArray();
        CancelAll(sent);
        _cancelRequests.UnionWith(sent);
        _canceled.RemoveAll(IsSent);
    }

    private void CancelAll(ImmutableArray<JobId> jobs)
    {
        foreach (var part in SplitIds(jobs))
            Send(new PoolProtocol.CancelJobs(part));
    }

    private void SendWithdrawn()
    {
        if (_withdrawn.Count == 0)
            return;
        var sent = _withdrawn.Where(IsSent).ToImmutableArray();
        if (sent.IsEmpty)
            return;
        SendWithdrawal(sent);
        _withdrawn.RemoveAll(IsSent);
    }

    private void SendWithdrawal(ImmutableArray<JobId> jobs) => Send(new PoolProtocol.WithdrawJobs(jobs, ++_lastWithdrawal));

    private void SendAttached()
    {
        foreach (var part in SplitIds([.. _attached]))
            Send(new PoolProtocol.AttachToJobs(part));
    }

    private static IEnumerable<ImmutableArray<JobId>> SplitIds(ImmutableArray<JobId> jobs) =>
        jobs.IsEmpty ? [] : WireLimits.SplitIntoBatches(jobs, static _ => sizeof(long));

    private void ContinueAfter(long accepted)
    {
        _progress++;
        if (accepted == 0)
            ForgetFirst();
        else
            ForgetAccepted(accepted);
        _isSending = false;
        SendWaiting();
    }

    /// <summary>Drops the submissions that the pool has accepted, up to one whose keys are not answered.</summary>
    private void ForgetAccepted(long number)
    {
        while (_queue.TryPeek(out var first) && first.Number <= number && !AwaitsKeys(first))
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
            NoteLastAccepted(submission);
        else if (!_reportsAcceptance)
            return;
        foreach (var job in submission.Jobs)
            FindJob(job.Id)?.MarkAccepted();
    }

    /// <summary>Whether the pool has not answered about the keys of a submission.</summary>
    private bool AwaitsKeys(Submission submission) => submission.HasKeys && !_answered.Contains(submission.Number);

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

        _duplicates.Add(existing.Submitted);
        if (!_jobs.Remove(existing.Submitted.Value, out var job))
            return;
        _effects.Enqueue(new ClientPoolEffect.ForgetWithdrawal(job.Id));
        _cancelRequests.Remove(job.Id);
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

    private void NoteLastAccepted(Submission submission)
    {
        _answered.Remove(submission.Number);
        for (var i = submission.Jobs.Length - 1; i >= 0; i--)
        {
            if (_duplicates.Count > 0 && _duplicates.Remove(submission.Jobs[i].Id))
                continue;
            _lastAccepted = Math.Max(_lastAccepted, submission.Jobs[i].Id.Value);
            if (_duplicates.Count == 0)
                return;
        }
    }
}
