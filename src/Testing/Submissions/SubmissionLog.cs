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

    /// <summary>Completes when a job is submitted or ends from now on.</summary>
    public Task Changed
    {
        get
        {
            lock (_access)
                return _changed.Task;
        }
    }

    /// <summary>Records a job that is about to be submitted.</summary>
    public void AddJob(SubmittedJob job)
    {
        lock (_access)
        {
            _jobs.Add(job);
            _unfinished++;
            NotifyChange();
        }
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
