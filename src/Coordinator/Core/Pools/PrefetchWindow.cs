namespace Actors.Coordinator.Pools;

/// <summary>
/// How many jobs an executor may hold: as many as keep it busy for a few milliseconds, so that short jobs travel together and a long one
/// never has others waiting behind it. It starts at one and at most doubles with each report.
/// </summary>
internal sealed class PrefetchWindow
{
    private const double AheadMicroseconds = 4000;
    private const int MaxSize = 2048;
    private const double Weight = 0.5;

    private double _average = -1;

    public int Size { get; private set; } = 1;

    /// <summary>So many jobs ran for so long, together.</summary>
    public void RecordJobs(int jobs, long busyMicroseconds)
    {
        if (jobs == 0)
            return;
        var each = Math.Max(0.2, (double)busyMicroseconds / jobs);
        _average = _average < 0 ? each : _average * (1 - Weight) + each * Weight;
        var fitting = (int)Math.Clamp(AheadMicroseconds / _average, 1, MaxSize);
        Size = Math.Min(fitting, Size * 2);
    }

    /// <summary>A job has kept others waiting: begin anew.</summary>
    public void ResetSize() => Size = 1;
}
