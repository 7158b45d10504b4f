using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// Reports the acceptance of jobs to their handles. A durable pool does so for each job, because the id of a job is known from then on. Any
/// other pool does so from the first request on: most callers only wait for results, and looking up each job takes time.
/// </summary>
internal sealed partial class PoolSession
{
    private bool _reportsAcceptance;
    private long _lastAccepted;

    /// <inheritdoc/>
    public void RequestAcceptance(PendingJob job)
    {
        lock (_submitting)
        {
            if (_spec.IsDurable || job.IsAcceptanceKnown)
                return;
            _reportsAcceptance = true;
            if (!IsSent(job.Id))
                return;
            if (FindSubmission(job.Id) is not { } submission)
                job.MarkAccepted();
            else if (submission.Number > _lastToAcknowledge)
                SendComparison();
        }
    }

    /// <summary>Finds the unaccepted submission of a job; null when the pool has accepted the job.</summary>
    private Submission? FindSubmission(JobId job)
    {
        foreach (var submission in _unaccepted)
        {
            if (submission.Jobs.Any(sent => sent.Id == job))
                return submission;
        }

        return null;
    }

    /// <summary>The pool has accepted the submissions up to a number; 0 for the first one.</summary>
    internal void OnAccepted(long number)
    {
        lock (_submitting)
        {
            // The pool has not compared keys, because it has refused these jobs or ended them.
            if (_usesKeys && _unaccepted.Any(sent => sent.Number == number && sent.HasKeys))
                _answered.Add(number);
            ContinueAfter(number);
        }
    }

    /// <summary>Sends the next jobs after the acceptance of others. Call it under the lock.</summary>
    private void ContinueAfter(long accepted)
    {
        _progress++;
        if (accepted == 0)
            ForgetFirst();
        else
            ForgetAccepted(accepted);
        _isSending = false;
        SendGathered();
    }

    /// <summary>Drops the submissions that the pool has accepted, up to one whose keys are not answered.</summary>
    private void ForgetAccepted(long number)
    {
        while (_unaccepted.TryPeek(out var first) && first.Number <= number && !AwaitsKeys(first))
            ForgetFirst();
    }

    private void ForgetFirst()
    {
        if (!_unaccepted.TryDequeue(out var accepted))
            return;
        if (_spec.IsDurable)
            _unwrittenAcks.OnAccepted();
        MarkAccepted(accepted);
    }

    /// <summary>Marks the jobs of an accepted submission. Call it under the lock.</summary>
    private void MarkAccepted(Submission submission)
    {
        if (_spec.IsDurable)
            NoteLastAccepted(submission);
        else if (!_reportsAcceptance)
            return;
        foreach (var job in submission.Jobs)
            _pending.FindJob(job.Id.Value)?.MarkAccepted();
    }
}
