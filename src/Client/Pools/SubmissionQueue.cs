using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>
/// The jobs on their way to the pool: those that wait, and the numbered messages that the pool has not accepted. Jobs that are added while
/// a message is in transit share the next one. Not thread-safe.
/// </summary>
/// <param name="isRemote">Whether messages are limited in size.</param>
internal sealed class SubmissionQueue(bool isRemote)
{
    private readonly Queue<ImmutableArray<JobSpec>> _batches = new();
    private readonly Queue<Submission> _unaccepted = new();

    // Jobs that are sent out of order because of their upload.
    private readonly HashSet<long> _delayed = [];
    private ImmutableArray<JobSpec>.Builder _gathered = ImmutableArray.CreateBuilder<JobSpec>();
    private long _lastSent;
    private long _lastCompared;

    /// <summary>Whether jobs wait to be sent.</summary>
    public bool HasWaiting => _gathered.Count > 0 || _batches.Count > 0;

    /// <summary>The jobs that wait to be sent.</summary>
    public IEnumerable<JobSpec> Waiting => _batches.SelectMany(jobs => jobs).Concat(_gathered);

    /// <summary>The messages that the pool has not accepted, in order.</summary>
    public IReadOnlyCollection<Submission> Unaccepted => _unaccepted;

    /// <summary>The number of the last message.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Adds a job that waits to be sent.</summary>
    public void AddJob(JobSpec job) => _gathered.Add(job);

    /// <summary>Records that a job is sent out of order.</summary>
    public void DelayJob(JobId job) => _delayed.Add(job.Value);

    /// <summary>Whether a job was sent, or belongs to an earlier client of the pool.</summary>
    public bool WasSent(JobId job) => job.Value <= _lastSent && !_delayed.Contains(job.Value);

    /// <summary>Records that all jobs up to this one were sent, by this client or an earlier one.</summary>
    public void StartAfter(JobId job) => _lastSent = job.Value;

    /// <summary>
    /// Takes the jobs of the next message: locally all jobs, otherwise as many as fit. The rest waits in batches that are sent first.
    /// </summary>
    public ImmutableArray<JobSpec> TakeNext()
    {
        var jobs = _batches.TryDequeue(out var batch) ? batch : TakeGathered();
        _lastSent = Math.Max(_lastSent, jobs[^1].Id.Value);
        if (_delayed.Count > 0)
            RecordDelayed(jobs);
        return jobs;
    }

    /// <summary>Numbers a message, and retains it until the pool has accepted it.</summary>
    public Submission AddMessage(ImmutableArray<JobSpec> jobs, bool hasKeys)
    {
        var submission = new Submission(++LastNumber, jobs, hasKeys);
        _unaccepted.Enqueue(submission);
        return submission;
    }

    /// <summary>Records that the pool is asked now which messages it has.</summary>
    public void MarkCompared() => _lastCompared = LastNumber;

    /// <summary>Whether a message was sent before the last comparison. Later ones may be in transit when the pool answers.</summary>
    public bool WasCompared(Submission submission) => submission.Number <= _lastCompared;

    /// <summary>Returns the oldest message that the pool has not accepted.</summary>
    public bool TryPeek(out Submission submission) => _unaccepted.TryPeek(out submission);

    /// <summary>Removes the oldest message that the pool has not accepted.</summary>
    public bool TryRemoveFirst(out Submission submission) => _unaccepted.TryDequeue(out submission);

    /// <summary>Finds an unaccepted message by its number; default when the pool has accepted it.</summary>
    public Submission FindMessage(long number)
    {
        foreach (var submission in _unaccepted)
        {
            if (submission.Number == number)
                return submission;
        }

        return default;
    }

    /// <summary>Finds the unaccepted message of a job; null when the pool has accepted the job.</summary>
    public Submission? FindMessage(JobId job)
    {
        foreach (var submission in _unaccepted)
        {
            if (submission.Jobs.Any(sent => sent.Id == job))
                return submission;
        }

        return null;
    }

    /// <summary>
    /// Empties a message that cannot be sent. The pool accepts messages in the order of their numbers, so an empty one takes its place.
    /// </summary>
    /// <returns>False when there is no such message, because it was for another pool.</returns>
    public bool TryEmptyMessage(long number, ImmutableArray<JobSpec> jobs)
    {
        var found = false;
        for (var count = _unaccepted.Count; count > 0; count--)
        {
            var submission = _unaccepted.Dequeue();
            var isSame = submission.Number == number && submission.Jobs == jobs;
            found |= isSame;
            _unaccepted.Enqueue(isSame ? new Submission(number, [], HasKeys: false) : submission);
        }

        return found;
    }

    /// <summary>Drops the jobs that wait to be sent.</summary>
    public void DropWaiting()
    {
        _gathered.Clear();
        _batches.Clear();
    }

    /// <summary>Starts the numbers again, for a pool that does not know this client.</summary>
    /// <returns>The messages that the previous pool has not accepted.</returns>
    public ImmutableArray<Submission> ResetNumbers()
    {
        ImmutableArray<Submission> unaccepted = [.. _unaccepted];
        _unaccepted.Clear();
        (LastNumber, _lastCompared) = (0, 0);
        return unaccepted;
    }

    /// <summary>Forgets everything, because all unfinished jobs are sent again.</summary>
    public void Restart()
    {
        DropWaiting();
        _ = ResetNumbers();
        _delayed.Clear();
        _lastSent = 0;
    }

    private ImmutableArray<JobSpec> TakeGathered()
    {
        var jobs = _gathered.Count == _gathered.Capacity ? _gathered.MoveToImmutable() : _gathered.ToImmutable();
        _gathered = ImmutableArray.CreateBuilder<JobSpec>();
        if (!isRemote)
            return jobs;
        foreach (var batch in WireLimits.SplitIntoBatches(jobs, WireLimits.SizeOf))
            _batches.Enqueue(batch);
        return _batches.Dequeue();
    }

    private void RecordDelayed(ImmutableArray<JobSpec> jobs)
    {
        foreach (var job in jobs)
        {
            _delayed.Remove(job.Id.Value);
            _lastSent = Math.Max(_lastSent, job.Id.Value);
        }
    }
}

/// <summary>Jobs that are sent to the pool in one message.</summary>
/// <param name="Number">The number of the message, from 1.</param>
/// <param name="Jobs">The jobs.</param>
/// <param name="HasKeys">Whether a job has a key, so that the pool answers with the jobs that exist.</param>
internal readonly record struct Submission(long Number, ImmutableArray<JobSpec> Jobs, bool HasKeys);
