using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Jobs with keys. The pool answers a submission with keys by itself, with the jobs that exist already. A handle of such a job becomes one
/// of the existing job.
/// </summary>
internal sealed partial class PoolSession
{
    private readonly HashSet<long> _answered = [];
    private readonly HashSet<JobId> _duplicates = [];
    private bool _usesKeys;

    /// <summary>The pool has accepted a submission with keys.</summary>
    internal void OnKeyedAccepted(PoolProtocol.KeyedJobsAccepted accepted)
    {
        List<(PendingJob Job, JobKeyConflictException Reason)> conflicts = [];
        lock (_submitting)
        {
            var submission = _unaccepted.FirstOrDefault(sent => sent.Number == accepted.Number);
            // Otherwise the answer is a repeated one.
            if (submission.HasKeys && _answered.Add(accepted.Number))
            {
                foreach (var existing in accepted.Existing)
                    ApplyExisting(submission, existing, conflicts);
            }

            ContinueAfter(accepted.Number);
        }

        foreach (var (job, reason) in conflicts)
        {
            ReleaseJob(job);
            ForgetRequests(job);
            job.EndWith(reason);
            _tally.CountJob(job, JobStatus.Refused, reason);
        }
    }

    /// <summary>Whether the pool has not answered about the keys of a submission.</summary>
    private bool AwaitsKeys(Submission submission) => submission.HasKeys && !_answered.Contains(submission.Number);

    private void ApplyExisting(
        Submission submission, PoolProtocol.ExistingJob existing, List<(PendingJob Job, JobKeyConflictException Reason)> conflicts)
    {
        if (existing.Submitted == existing.Existing)
            return;
        _duplicates.Add(existing.Submitted);
        if (!_pending.TryRemove(existing.Submitted.Value, out var job))
            return;
        CompleteQuery(_withdrawals, job.Id, false);
        if (existing.IsSame)
            MoveToExisting(job, existing.Existing);
        else
            conflicts.Add((job, CreateConflict(submission.Jobs.First(sent => sent.Id == job.Id), existing.Existing)));
    }

    private void MoveToExisting(PendingJob job, JobId existing)
    {
        _cancelRequests.Remove(job.Id);
        job.Id = existing;
        job.MarkAccepted();
        _pending.AddHandle(job);
        if (job.IsCancelled)
            CancelSent(existing);
    }

    private static JobKeyConflictException CreateConflict(JobSpec job, JobId existing) => new(
        $"The job ({job.Function.Name}) was not accepted: its key '{job.Policy.Key}' belongs to job {existing}, whose function or "
        + "arguments differ. Use another key, or attach to that job.",
        job.Policy.Key!, existing.Value);

    /// <summary>Notes the last accepted job of an accepted submission.</summary>
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
