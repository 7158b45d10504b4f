namespace Actors.Chaos.Load;

/// <summary>The measurements of a short time. Immutable.</summary>
/// <param name="Start">The beginning, from the beginning of the run.</param>
/// <param name="Jobs">The number of jobs that ended.</param>
/// <param name="QueueItems">The number of queue items that were received.</param>
/// <param name="LockHolds">The number of times that the lock was acquired.</param>
/// <param name="Errors">The number of calls that failed and were repeated.</param>
/// <param name="MedianLatency">The median time from the submission of a job to its result; null without jobs.</param>
/// <param name="HighLatency">The latency that 95 % of the jobs did not exceed; null without jobs.</param>
/// <param name="OldestPending">The submission of the oldest unfinished operation at the end; null for none.</param>
internal sealed record LoadInterval(
    TimeSpan Start, int Jobs, int QueueItems, int LockHolds, int Errors, TimeSpan? MedianLatency, TimeSpan? HighLatency,
    TimeSpan? OldestPending);

/// <summary>Collects the measurements of a run in intervals. Thread-safe.</summary>
/// <param name="clock">The clock.</param>
internal sealed class LoadTimeline(TimeProvider clock)
{
    /// <summary>The length of an interval.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _access = new();
    private readonly List<LoadInterval> _intervals = [];
    private readonly Dictionary<long, TimeSpan> _pending = [];
    private readonly List<TimeSpan> _latencies = [];
    private long _began = clock.GetTimestamp();
    private TimeSpan? _ended;
    private long _lastOperation;
    private int _queueItems;
    private int _lockHolds;
    private int _errors;

    /// <summary>The time since the beginning of the run, or its duration after its end.</summary>
    public TimeSpan Now => _ended ?? clock.GetElapsedTime(_began);

    /// <summary>The ended intervals.</summary>
    public IReadOnlyList<LoadInterval> Intervals
    {
        get
        {
            lock (_access)
                return [.. _intervals];
        }
    }

    /// <summary>The last ended interval; null for none.</summary>
    public LoadInterval? LastInterval
    {
        get
        {
            lock (_access)
                return _intervals.Count == 0 ? null : _intervals[^1];
        }
    }

    /// <summary>Begins the run. Call it before anything is recorded.</summary>
    public void Restart() => _began = clock.GetTimestamp();

    /// <summary>Ends the measurements. The last operations may still end.</summary>
    public void Stop()
    {
        CloseIntervals();
        lock (_access)
            _ended = Now;
    }

    /// <summary>Records the begin of an operation that must end.</summary>
    /// <returns>Its number, for <see cref="EndOperation"/>.</returns>
    public long BeginOperation()
    {
        lock (_access)
        {
            _pending[++_lastOperation] = Now;
            return _lastOperation;
        }
    }

    /// <summary>Records the end of an operation.</summary>
    /// <returns>Its duration.</returns>
    public TimeSpan EndOperation(long number)
    {
        lock (_access)
            return _pending.Remove(number, out var begin) ? Now - begin : TimeSpan.Zero;
    }

    /// <summary>Records a job that has ended.</summary>
    public void AddJob(TimeSpan latency)
    {
        lock (_access)
            _latencies.Add(latency);
    }

    /// <summary>Records a received queue item.</summary>
    public void AddQueueItem()
    {
        lock (_access)
            _queueItems++;
    }

    /// <summary>Records an acquired lock.</summary>
    public void AddLockHold()
    {
        lock (_access)
            _lockHolds++;
    }

    /// <summary>Records a call that failed and is repeated.</summary>
    public void AddError()
    {
        lock (_access)
            _errors++;
    }

    /// <summary>Ends the intervals that have passed. Call it at least once for each.</summary>
    public void CloseIntervals()
    {
        lock (_access)
        {
            while (Interval * (_intervals.Count + 1) <= Now)
                _intervals.Add(CreateInterval(Interval * _intervals.Count));
        }
    }

    private LoadInterval CreateInterval(TimeSpan start)
    {
        _latencies.Sort();
        var interval = new LoadInterval(
            start, _latencies.Count, _queueItems, _lockHolds, _errors, GetPercentile(50), GetPercentile(95),
            _pending.Count == 0 ? null : _pending.Values.Min());
        _latencies.Clear();
        (_queueItems, _lockHolds, _errors) = (0, 0, 0);
        return interval;
    }

    private TimeSpan? GetPercentile(int percent) =>
        _latencies.Count == 0 ? null : _latencies[Math.Min(_latencies.Count - 1, _latencies.Count * percent / 100)];
}
