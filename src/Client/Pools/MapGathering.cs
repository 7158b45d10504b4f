namespace Actors.Pools;

/// <summary>
/// Gathers the items of a lazy map to chunks and submits these. A chunk is submitted when it is full, or when its source takes long over
/// the next item, which may depend on the results of those before.
/// </summary>
internal sealed class MapGathering<T> : IDisposable
{
    /// <summary>How long an incomplete chunk waits for its next item.</summary>
    private const int PatienceMilliseconds = 20;

    private readonly int _chunkSize;
    private readonly Action<long, T[]> _submit;
    private readonly Action<long, Exception?> _ended;
    private readonly List<T> _items = [];
    private readonly Lock _access = new();
    private readonly Timer? _timer;
    private long _firstAt;
    private long _submittedItems;
    private long _submitted;
    private volatile bool _isEmpty = true;
    private volatile bool _isOver;
    private bool _isTimed;
    private bool _hasEnded;

    /// <param name="chunkSize">How many items a full chunk has.</param>
    /// <param name="submit">Submits a chunk, given the index of its first item.</param>
    /// <param name="ended">Called once: with the number of submitted items, and the reason if there may have been more.</param>
    public MapGathering(int chunkSize, Action<long, T[]> submit, Action<long, Exception?> ended)
    {
        (_chunkSize, _submit, _ended) = (chunkSize, submit, ended);
        _timer = chunkSize > 1 ? new Timer(static chunks => ((MapGathering<T>)chunks!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite) : null;
    }

    /// <summary>How many chunks have been submitted.</summary>
    public long Submitted => Volatile.Read(ref _submitted);

    /// <summary>Whether the next item begins a chunk.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Whether no chunk is submitted any more.</summary>
    public bool IsOver => _isOver;

    /// <summary>Adds an item; submits the chunk when it is full.</summary>
    public void Add(T item)
    {
        lock (_access)
        {
            if (_isOver)
                return;
            _items.Add(item);
            _isEmpty = false;
            if (_items.Count == _chunkSize)
                Submit();
            else if (_items.Count == 1)
                StartTimer();
        }
    }

    /// <summary>Submits an incomplete chunk.</summary>
    public void Flush()
    {
        lock (_access)
        {
            if (!_isOver)
                Submit();
        }
    }

    /// <summary>No item follows.</summary>
    /// <param name="error">What the source threw; null for nothing.</param>
    public void End(Exception? error)
    {
        lock (_access)
        {
            Dispose();
            if (_hasEnded)
                return;
            _hasEnded = true;
            _ended(_submittedItems, error);
        }
    }

    /// <summary>Submits nothing more. Takes no lock: a submission that waits for room may hold it.</summary>
    public void Dispose()
    {
        _isOver = true;
        _timer?.Dispose();
    }

    private void Submit()
    {
        if (_items.Count == 0)
            return;
        T[] chunk = [.. _items];
        _items.Clear();
        _isEmpty = true;
#pragma warning disable CA1031 // A pool that takes no jobs ends the stream at this place, whatever its reason.
        try
        {
            _submit(_submittedItems, chunk);
        }
        catch (Exception exception)
        {
            End(exception);
            return;
        }
#pragma warning restore CA1031
        _submittedItems += chunk.Length;
        Interlocked.Increment(ref _submitted);
    }

    private void StartTimer()
    {
        _firstAt = Environment.TickCount64;
        if (_isTimed)
            return;
        _isTimed = true;
        _timer!.Change(PatienceMilliseconds, Timeout.Infinite);
    }

    private void OnTimer()
    {
        lock (_access)
        {
            if (_isOver)
                return;
            var left = PatienceMilliseconds - (Environment.TickCount64 - _firstAt);
            _isTimed = _items.Count > 0 && left > 0;
            if (_isTimed)
                _timer!.Change(left, Timeout.Infinite);
            else
                Submit();
        }
    }
}
