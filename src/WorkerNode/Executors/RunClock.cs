using System.Diagnostics;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// Measures how long a job has been running; for a chunk of a map, how long its current item has. An executor notes the item and no time,
/// which would cost short items more than they take: an item counts from the look that first finds it.
/// </summary>
internal sealed class RunClock
{
    private long _job;
    private long _item;
    private long _since;

    /// <summary>Looks at what runs. To be called often: an item may have been running for as long as nobody looked.</summary>
    /// <param name="job">The job that runs.</param>
    /// <param name="item">Its item, counted from 1; 0 before the first and for a job that is no chunk.</param>
    /// <param name="begunAt">When the job began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    /// <param name="now">The same clock.</param>
    public TimeSpan MeasureElapsed(long job, long item, long begunAt, long now)
    {
        if (job != _job || item != _item)
            (_job, _item, _since) = (job, item, item == 0 ? begunAt : now);
        return Stopwatch.GetElapsedTime(_since, now);
    }
}
