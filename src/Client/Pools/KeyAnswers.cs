using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>
/// The answers of a durable pool about the keys of jobs: which submissions were answered, and which submitted jobs were not accepted
/// because their key belongs to an existing job. Not thread-safe.
/// </summary>
internal sealed class KeyAnswers
{
    private readonly HashSet<long> _answered = [];
    private readonly HashSet<JobId> _duplicates = [];

    /// <summary>Whether a submitted job had a key.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Records whether a submitted job has a key.</summary>
    public void OnJobAdded(JobPolicy policy) => IsUsed |= policy.Key is not null;

    /// <summary>Whether a job has a key, so that the pool answers with the jobs that exist.</summary>
    public bool HasKeys(ImmutableArray<JobSpec> jobs) => IsUsed && jobs.Any(static job => job.Policy.Key is not null);

    /// <summary>Whether the pool has not answered about the keys of a submission.</summary>
    public bool IsAwaited(Submission submission) => submission.HasKeys && !_answered.Contains(submission.Number);

    /// <summary>Records the answer about the keys of a submission.</summary>
    /// <returns>False for a submission without keys, and for a repeated answer.</returns>
    public bool TryRecordAnswer(Submission submission) => submission.HasKeys && _answered.Add(submission.Number);

    /// <summary>Records that a submitted job was not accepted.</summary>
    public void AddDuplicate(JobId job) => _duplicates.Add(job);

    /// <summary>Forgets the answers about a submission that the pool has accepted.</summary>
    /// <returns>The last job that was accepted anew; default for none.</returns>
    public JobId ForgetSubmission(Submission submission)
    {
        _answered.Remove(submission.Number);
        var last = default(JobId);
        for (var i = submission.Jobs.Length - 1; i >= 0; i--)
        {
            var job = submission.Jobs[i].Id;
            if (_duplicates.Count > 0 && _duplicates.Remove(job))
                continue;
            if (job.Value > last.Value)
                last = job;
            if (_duplicates.Count == 0)
                break;
        }

        return last;
    }

    /// <summary>Forgets the answered submissions, because the numbers start again.</summary>
    public void ClearAnswers() => _answered.Clear();
}
