using System.Diagnostics;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Measures the run time of a job, or of the current item of a chunk. An executor records the item without its time, because reading the
/// clock would take longer than short items. The time of an item starts when this clock first sees it.
/// </summary>
public sealed class RunClock
{
    private long _job;
    private long _item;
    private long _begunAt;
    private long _since;

    /// <summary>Measures the run time. Call it often: an item may have started any time since the previous call.</summary>
    /// <param name="job">The job that runs.</param>
    /// <param name="item">The item that runs, counted from 1; 0 before the first, and for a job that is not a chunk.</param>
    /// <param name="begunAt">The time when the job began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    /// <param name="now">The current time of the same clock.</param>
    public TimeSpan MeasureElapsed(long job, long item, long begunAt, long now)
    {
        // A job whose outcome was lost may run again, and begins anew.
        if (job != _job || item != _item || begunAt != _begunAt)
            (_job, _item, _begunAt, _since) = (job, item, begunAt, item == 0 ? begunAt : now);
        return Stopwatch.GetElapsedTime(_since, now);
    }
}
