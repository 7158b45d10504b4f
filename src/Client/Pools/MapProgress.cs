namespace Actors.Pools;

/// <summary>
/// Reports the progress of a map by time: at once when there has been no report for a while, otherwise a little later, and always its
/// end. Its methods are called by one thread at a time.
/// </summary>
internal sealed class MapProgress(IProgress<int> progress, PoolCallbacks callbacks)
{
    /// <summary>The shortest time between two reports.</summary>
    private const int IntervalMilliseconds = 100;

    private readonly Lock _access = new();
    private Timer? _timer;
    private long _reportedAt = -IntervalMilliseconds;
    private int _reported;
    private int _count;
    private bool _isTimed;
    private bool _isOver;

    /// <summary>So many items have ended.</summary>
    public void Report(int count)
    {
        lock (_access)
        {
            _count = count;
            var left = _reportedAt + IntervalMilliseconds - Environment.TickCount64;
            if (_isTimed || _isOver)
                return;
            if (left <= 0)
                Tell();
            else
                StartTimer(left);
        }
    }

    /// <summary>The map has ended.</summary>
    public void End(int count)
    {
        lock (_access)
        {
            _isOver = true;
            _count = count;
            _timer?.Dispose();
            Tell();
        }
    }

    private void StartTimer(long milliseconds)
    {
        _isTimed = true;
        _timer ??= new Timer(static progress => ((MapProgress)progress!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
        _timer.Change(milliseconds, Timeout.Infinite);
    }

    private void OnTimer()
    {
        lock (_access)
        {
            _isTimed = false;
            if (!_isOver)
                Tell();
        }
    }

    private void Tell()
    {
        if (_count == _reported)
            return;
        var count = _reported = _count;
        _reportedAt = Environment.TickCount64;
        callbacks.Add(() => progress.Report(count));
    }
}
