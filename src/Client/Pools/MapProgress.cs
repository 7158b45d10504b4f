namespace Actors.Pools;

/// <summary>
/// Reports the progress of a map, limited in rate: at once after a pause, otherwise shortly after, and always at the end. Requests the
/// progress of running chunks while the map runs. Thread-safe.
/// </summary>
/// <param name="progress">Receives the reports.</param>
/// <param name="callbacks">Runs the reports as callbacks.</param>
/// <param name="clock">The clock.</param>
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

    /// <summary>Starts requesting progress.</summary>
    /// <param name="ask">Requests the progress of running chunks, which arrives through <see cref="ReportRunning"/>.</param>
    public void StartAsking(Action ask) => _asking = clock.CreateTimer(_ => ask(), null, AskInterval, AskInterval);

    /// <summary>Records the end of a chunk and the total number of ended items.</summary>
    public void ReportEnded(long chunk, int ended)
    {
        lock (_access)
        {
            _running.Remove(chunk);
            _ended = ended;
            ReportSoon();
        }
    }

    /// <summary>Records the number of ended items of a running chunk.</summary>
    public void ReportRunning(long chunk, int ended)
    {
        lock (_access)
        {
            _running[chunk] = ended;
            ReportSoon();
        }
    }

    /// <summary>Reports the final count.</summary>
    public void ReportFinal(int ended)
    {
        Dispose();
        lock (_access)
        {
            _running.Clear();
            _ended = ended;
            ReportCount();
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

    private void ReportSoon()
    {
        if (_isTimed || _isOver)
            return;
        var left = _reportedAt is { } reportedAt ? Interval - clock.GetElapsedTime(reportedAt) : TimeSpan.Zero;
        if (left <= TimeSpan.Zero)
            ReportCount();
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
                ReportCount();
        }
    }

    /// <summary>Reports the current count if it grew. It can shrink when a chunk restarts after the loss of its worker.</summary>
    private void ReportCount()
    {
        var count = _ended + _running.Values.Sum();
        if (count <= _reported)
            return;
        _reported = count;
        _reportedAt = clock.GetTimestamp();
        callbacks.AddCallback(() => progress.Report(count));
    }
}
