namespace Actors.Coordinator.Pools;

/// <summary>
/// The number of jobs that an executor may have at once: enough to keep it busy for a few milliseconds. Short jobs are sent together, and
/// no job waits behind a long one. The size starts at one and at most doubles with each report.
/// </summary>
public sealed class PrefetchWindow
{
    private const double AheadMicroseconds = 4000;
    private const int MaxSize = 2048;
    private const double Weight = 0.5;

    private double _average = -1;

    public int Size { get; private set; } = 1;

    /// <summary>Adjusts the size after a number of jobs ran for a total time.</summary>
    public void RecordJobs(int jobs, long busyMicroseconds)
    {
        if (jobs == 0)
            return;
        var each = Math.Max(0.2, (double)busyMicroseconds / jobs);
        _average = _average < 0 ? each : _average * (1 - Weight) + each * Weight;
        var fitting = (int)Math.Clamp(AheadMicroseconds / _average, 1, MaxSize);
        Size = Math.Min(fitting, Size * 2);
    }

    /// <summary>Starts again with one job, because a long job has delayed others.</summary>
    public void ResetSize() => Size = 1;
}
