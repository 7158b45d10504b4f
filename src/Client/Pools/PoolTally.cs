using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>Counts how jobs ended. For one thread at a time, but for <see cref="Drop"/>.</summary>
internal sealed class PoolTally
{
    private readonly List<JobFailure> _first = [];
    private long _succeeded;
    private long _failed;
    private long _cancelled;
    private long _timedOut;
    private long _lost;
    private long _dropped;
    private long _items;
    private long _succeededItems;
    private long _droppedHere;
    private long _droppedItems;

    /// <summary>The failures that nobody has looked at.</summary>
    public UnseenFailures Unseen { get; } = new();

    /// <summary>A job has ended.</summary>
    /// <param name="job">Which.</param>
    /// <param name="status">How.</param>
    /// <param name="error">What its caller got; null is a result.</param>
    public void Count(PendingJob job, JobStatus status, Exception? error)
    {
        _items += job.Items;
        _succeededItems += status == JobStatus.Succeeded ? job.Items - job.FailedItems : 0;
        switch (status)
        {
            case JobStatus.Succeeded when error is null: _succeeded++; return;
            case JobStatus.Cancelled: _cancelled++; return;
            case JobStatus.PoolTerminated: _dropped++; return;
            case JobStatus.TimedOut: _timedOut++; break;
            case JobStatus.WorkerLost or JobStatus.MemoryExceeded: _lost++; break;
            default: _failed++; break;
        }

        if (error is null)
            return;
        Unseen.Note(job, error);
        if (_first.Count < PoolSummary.MostFailures)
            _first.Add(new JobFailure(job.Id.Value, error));
    }

    /// <summary>A job was ended here: with the pool, or before it reached the pool. Thread-safe.</summary>
    public void Drop(PendingJob job)
    {
        Interlocked.Increment(ref _droppedHere);
        Interlocked.Add(ref _droppedItems, job.Items);
    }

    /// <summary>The result.</summary>
    public PoolSummary Summary() =>
        new(_succeeded, _failed, _cancelled, _timedOut, _lost, _dropped + Interlocked.Read(ref _droppedHere), [.. _first])
        {
            Items = _items + Interlocked.Read(ref _droppedItems),
            SucceededItems = _succeededItems,
        };
}
