namespace Actors.Pools;

/// <summary>
/// Reports the progress of a map by time: at once when there has been no report for a while, otherwise a little later, and always its
/// end. While a map runs it asks how far the running chunks are. Thread-safe.
/// </summary>
internal sealed class MapProgress(IProgress<int> progress, PoolCallbacks callbacks) : IDisposable
{
    /// <summary>The shortest time between two reports.</summary>
    private const int IntervalMilliseconds = 100;

    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _access = new();
    private readonly Dictionary<long, int> _running = [];
    private Timer? _asking;
    private Timer? _later;
    private long _reportedAt = -IntervalMilliseconds;
    private int _reported;
    private int _ended;
    private bool _isTimed;
    private bool _isOver;

    /// <summary>The map begins.</summary>
    /// <param name="ask">Asks how far the running chunks are; <see cref="ReportRunning"/> is the answer.</param>
    public void Begin(Action ask) => _asking = new Timer(_ => ask(), null, AskInterval, AskInterval);

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
        var left = _reportedAt + IntervalMilliseconds - Environment.TickCount64;
        if (_isTimed || _isOver)
            return;
        if (left <= 0)
            Tell();
        else
            StartTimer(left);
    }

    private void StartTimer(long milliseconds)
    {
        _isTimed = true;
        _later ??= new Timer(static progress => ((MapProgress)progress!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
        _later.Change(milliseconds, Timeout.Infinite);
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
        _reportedAt = Environment.TickCount64;
        callbacks.Add(() => progress.Report(count));
    }
}
