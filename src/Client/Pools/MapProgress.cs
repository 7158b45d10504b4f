namespace Actors.Pools;

/// <summary>
/// Reports the progress of a map by time: at once when there has been no report for a while, otherwise a little later, and always its
/// end. While a map runs it asks how far the running chunks are. Thread-safe.
/// </summary>
/// <param name="progress">Where it is reported.</param>
/// <param name="callbacks">Calls that.</param>
/// <param name="clock">The time.</param>
internal sealed class MapProgress(IProgress<int> progress, PoolCallbacks callbacks, TimeProvider clock) : IDisposable
{
    /// <summary>The shortest time between two reports.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _access = new();
    private readonly Dictionary<long, int> _running = [];
    private ITimer? _asking;
    private ITimer? _later;
    private long? _reportedAt;
    private int _reported;
    private int _ended;
    private bool _isTimed;
    private bool _isOver;

    /// <summary>The map begins.</summary>
    /// <param name="ask">Asks how far the running chunks are; <see cref="ReportRunning"/> is the answer.</param>
    public void Begin(Action ask) => _asking = clock.CreateTimer(_ => ask(), null, AskInterval, AskInterval);

    /// <summary>A chunk has ended, and so many items in all.</summary>
    public void Report(long chunk, int ended)
    {
        lock (_access)
        {
            _running.Remove(chunk);
            _ended = ended;
            TellSoon();
        }
    }

    /// <summary>So many items of a running chunk have ended.</summary>
    public void ReportRunning(long chunk, int ended)
    {
        lock (_access)
        {
            _running[chunk] = ended;
            TellSoon();
        }
    }

    /// <summary>The map has ended.</summary>
    public void End(int ended)
    {
        Dispose();
        lock (_access)
        {
            _running.Clear();
            _ended = ended;
            Tell();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_access)
        {
            _isOver = true;
            _asking?.Dispose();
            _later?.Dispose();
        }
    }

    private void TellSoon()
    {
        if (_isTimed || _isOver)
            return;
        var left = _reportedAt is { } reportedAt ? Interval - clock.GetElapsedTime(reportedAt) : TimeSpan.Zero;
        if (left <= TimeSpan.Zero)
            Tell();
        else
            StartTimer(left);
    }

    private void StartTimer(TimeSpan left)
    {
        _isTimed = true;
        _later ??= clock.CreateTimer(
            static progress => ((MapProgress)progress!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _later.Change(left, Timeout.InfiniteTimeSpan);
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

    /// <summary>Never less than before: a chunk whose worker was lost begins anew.</summary>
    private void Tell()
    {
        var count = _ended + _running.Values.Sum();
        if (count <= _reported)
            return;
        _reported = count;
        _reportedAt = clock.GetTimestamp();
        callbacks.Add(() => progress.Report(count));
    }
}
