using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>Counts how jobs ended. For one thread at a time.</summary>
internal sealed class PoolTally
{
    private readonly List<JobFailure> _first = [];
    private long _succeeded;
    private long _failed;
    private long _cancelled;
    private long _timedOut;
    private long _lost;
    private long _dropped;

    /// <summary>A job has ended.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="error">What its caller got; null is a result.</param>
    public void Count(JobOutcome outcome, Exception? error)
    {
        switch (outcome.Status)
        {
            case JobStatus.Succeeded when error is null: _succeeded++; return;
            case JobStatus.Cancelled: _cancelled++; return;
            case JobStatus.PoolTerminated: _dropped++; return;
            case JobStatus.TimedOut: _timedOut++; break;
            case JobStatus.WorkerLost or JobStatus.MemoryExceeded: _lost++; break;
            default: _failed++; break;
        }

        if (_first.Count < PoolSummary.MostFailures && error is not null)
            _first.Add(new JobFailure(outcome.Id.Value, error));
    }

    /// <summary>The result, with those dropped that ended here: with the pool, or before they reached it.</summary>
    public PoolSummary Summary(long endedHere) =>
        new(_succeeded, _failed, _cancelled, _timedOut, _lost, _dropped + endedHere, [.. _first]);
}
