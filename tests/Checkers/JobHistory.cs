namespace Actors.Checkers;

/// <summary>
/// The history of the jobs of pools, checked against the promise that each acknowledged job ends exactly once. Not thread-safe. Violations
/// that are certain at once are reported by the methods that record; <see cref="FindUnfinished"/> completes the check at the end.
/// </summary>
public sealed class JobHistory
{
    private readonly Dictionary<long, JobRecord> _jobs = [];
    private readonly List<string> _violations = [];

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>The number of submitted jobs that have not ended.</summary>
    public int Unfinished { get; private set; }

    /// <summary>The number of submitted jobs.</summary>
    public int Submitted => _jobs.Count;

    /// <summary>Whether the job has ended for its caller.</summary>
    public bool HasEnded(long job) => _jobs.TryGetValue(job, out var record) && record.Outcome is not null;

    /// <summary>Records the submission of a job.</summary>
    /// <param name="job">The number of the job.</param>
    /// <param name="expected">The only correct result of its function; null if it is not checked.</param>
    /// <param name="isAtMostOnce">Whether the job must not begin twice.</param>
    public void RecordSubmission(long job, string? expected = null, bool isAtMostOnce = false)
    {
        _jobs.Add(job, new JobRecord(expected, isAtMostOnce));
        Unfinished++;
    }

    /// <summary>Records that the pool has confirmed the job.</summary>
    public void RecordAcknowledgment(long job) => Find(job, "acknowledged").IsAcknowledged = true;

    /// <summary>Records that a worker has begun the function of the job.</summary>
    public void RecordBegin(long job)
    {
        var record = Find(job, "begun");
        if (++record.Begins > 1 && record.IsAtMostOnce)
            _violations.Add($"The at-most-once job {job} began {record.Begins} times.");
    }

    /// <summary>Records the end of the job for its caller.</summary>
    /// <param name="job">The number of the job.</param>
    /// <param name="outcome">The name of the outcome, for messages.</param>
    /// <param name="result">The result of the function; null if the job ended without one.</param>
    public void RecordEnd(long job, string outcome, string? result = null)
    {
        var record = Find(job, "ended");
        if (record.Outcome is not null)
            _violations.Add($"Job {job} ended twice: {record.Outcome}, then {outcome}.");
        else
            Unfinished--;
        if (result is not null && record.Begins == 0)
            _violations.Add($"Job {job} ended with a result and never began.");
        if (result is not null && record.Expected is { } expected && expected != result)
            _violations.Add($"Job {job} ended with the result '{result}' instead of '{expected}'.");
        record.Outcome = outcome;
    }

    /// <summary>Removes a job whose caller died before the job was acknowledged, so it has no caller any more.</summary>
    public void ForgetUnacknowledged(long job)
    {
        if (!_jobs.TryGetValue(job, out var record) || record.IsAcknowledged || record.Outcome is not null)
            return;
        _jobs.Remove(job);
        Unfinished--;
    }

    /// <summary>Returns the jobs that have not ended. Call it when all faults have stopped and enough time has passed.</summary>
    public IReadOnlyList<string> FindUnfinished() =>
    [
        .. _jobs.Where(job => job.Value.Outcome is null)
            .Select(job => $"Job {job.Key} ({job.Value}) never ended."),
    ];

    private JobRecord Find(long job, string action)
    {
        if (_jobs.TryGetValue(job, out var record))
            return record;
        _violations.Add($"Job {job} was {action} and never submitted.");
        return new JobRecord(null, false);
    }

    private sealed class JobRecord(string? expected, bool isAtMostOnce)
    {
        public string? Expected => expected;

        public bool IsAtMostOnce => isAtMostOnce;

        public bool IsAcknowledged { get; set; }

        public int Begins { get; set; }

        public string? Outcome { get; set; }

        public override string ToString() => $"{(IsAcknowledged ? "acknowledged" : "submitted")}, begun {Begins} times";
    }
}
