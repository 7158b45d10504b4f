namespace Actors.Testing;

/// <summary>The submitted jobs of a pool, and whether all of them have ended. Thread-safe.</summary>
internal sealed class SubmissionLog
{
    private readonly Lock _access = new();
    private readonly List<SubmittedJob> _jobs = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unfinished;

    /// <summary>The submitted jobs, in order.</summary>
    public IReadOnlyList<SubmittedJob> Jobs
    {
        get
        {
            lock (_access)
                return [.. _jobs];
        }
    }

    /// <summary>Whether every submitted job has ended.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_access)
                return _unfinished == 0;
        }
    }

    /// <summary>Completes when a job has been submitted or ends from now on.</summary>
    public Task Changed
    {
        get
        {
            lock (_access)
                return _changed.Task;
        }
    }

    /// <summary>Records a job that is about to be submitted. <see cref="ConfirmSubmission"/> or <see cref="RemoveJob"/> follows.</summary>
    public void AddJob(SubmittedJob job)
    {
        lock (_access)
        {
            _jobs.Add(job);
            _unfinished++;
        }
    }

    /// <summary>
    /// Reports a submitted job. Before the pool has it, the report would be lost: a test that drains the pool then would find no job, and
    /// wait for the next change.
    /// </summary>
    public void ConfirmSubmission()
    {
        lock (_access)
            NotifyChange();
    }

    /// <summary>Removes a job that the pool refused.</summary>
    public void RemoveJob(SubmittedJob job)
    {
        lock (_access)
        {
            _jobs.Remove(job);
            _unfinished--;
            NotifyChange();
        }
    }

    /// <summary>Counts a job that has ended.</summary>
    public void CountEnd()
    {
        lock (_access)
        {
            _unfinished--;
            NotifyChange();
        }
    }

    private void NotifyChange()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
