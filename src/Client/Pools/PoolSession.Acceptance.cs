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

    /// <summary>Marks the jobs of an accepted submission. Call it under the lock.</summary>
    private void MarkAccepted(Submission submission)
    {
        if (_spec.IsDurable && !submission.Jobs.IsEmpty)
            _lastAccepted = Math.Max(_lastAccepted, submission.Jobs[^1].Id.Value);
        if (!_spec.IsDurable && !_reportsAcceptance)
            return;
        foreach (var job in submission.Jobs)
            _pending.FindJob(job.Id.Value)?.MarkAccepted();
    }
}
