using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>Counts jobs by outcome. For one thread at a time, except for <see cref="CountDropped"/>.</summary>
internal sealed class PoolTally
{
    private readonly List<JobFailure> _first = [];
    private long _succeeded;
    private long _failed;
    private long _canceled;
    private long _timedOut;
    private long _lost;
    private long _dropped;
    private long _items;
    private long _succeededItems;
    private long _droppedHere;
    private long _droppedItems;

    /// <summary>The unobserved failures.</summary>
    public UnseenFailures Unseen { get; } = new(TimeProvider.System);

    /// <summary>Counts a job that has ended.</summary>
    /// <param name="job">The key.</param>
    /// <param name="status">The status.</param>
    /// <param name="error">The exception for the caller; null for a result.</param>
    public void CountJob(PendingJob job, JobStatus status, Exception? error)
    {
        _items += job.Items;
        _succeededItems += status == JobStatus.Succeeded ? job.Items - job.FailedItems : 0;
        switch (status)
        {
            case JobStatus.Succeeded when error is null: _succeeded++; return;
            case JobStatus.Canceled: _canceled++; return;
            case JobStatus.PoolTerminated: _dropped++; return;
            case JobStatus.TimedOut: _timedOut++; break;
            case JobStatus.WorkerLost or JobStatus.MemoryExceeded: _lost++; break;
            default: _failed++; break;
        }

        if (error is null)
            return;
        job.NoteFailure(Unseen, error);
        if (_first.Count < PoolSummary.MostFailures)
            _first.Add(new JobFailure(job.Id.Value, error));
    }

    /// <summary>Counts a job that ended in this process. Thread-safe.</summary>
    public void CountDropped(PendingJob job)
    {
        Interlocked.Increment(ref _droppedHere);
        Interlocked.Add(ref _droppedItems, job.Items);
    }

    /// <summary>Returns the counts.</summary>
    public PoolSummary ToSummary() =>
        new(_succeeded, _failed, _canceled, _timedOut, _lost, _dropped + Interlocked.Read(ref _droppedHere), [.. _first])
        {
            Items = _items + Interlocked.Read(ref _droppedItems),
            SucceededItems = _succeededItems,
        };
}
