namespace Actors.Pools;

/// <summary>
/// Groups the items of a lazy map into chunks and submits them. An incomplete chunk is submitted when the source takes long for its next
/// item, which may depend on earlier results.
/// </summary>
internal sealed class MapGathering<T> : IDisposable
{
    /// <summary>The time after which an incomplete chunk is submitted.</summary>
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

    /// <param name="chunkSize">The number of items of a full chunk.</param>
    /// <param name="submit">Submits a chunk, given the index of its first item.</param>
    /// <param name="ended">
    /// Called once, with the number of submitted items and the exception that stopped the source; null for a normal end.
    /// </param>
    public MapGathering(int chunkSize, Action<long, T[]> submit, Action<long, Exception?> ended)
    {
        (_chunkSize, _submit, _ended) = (chunkSize, submit, ended);
        _timer = chunkSize > 1
            ? new Timer(static chunks => ((MapGathering<T>)chunks!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite)
            : null;
    }

    /// <summary>The number of submitted chunks.</summary>
    public long Submitted => Volatile.Read(ref _submitted);

    /// <summary>Whether the next item begins a chunk.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Whether the submission of chunks has stopped.</summary>
    public bool IsOver => _isOver;

    /// <summary>Adds an item; submits the chunk when it is full.</summary>
    public void AddItem(T item)
    {
        lock (_access)
        {
            if (_isOver)
                return;
            _items.Add(item);
            _isEmpty = false;
            if (_items.Count == _chunkSize)
                SubmitChunk();
            else if (_items.Count == 1)
                StartTimer();
        }
    }

    /// <summary>Submits an incomplete chunk.</summary>
    public void FlushChunk()
    {
        lock (_access)
        {
            if (!_isOver)
                SubmitChunk();
        }
    }

    /// <summary>Ends the source.</summary>
    /// <param name="error">The exception of the source; null for none.</param>
    public void EndSource(Exception? error)
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

    /// <summary>Stops submitting. Takes no lock, because a submission that waits for a free slot may hold it.</summary>
    public void Dispose()
    {
        _isOver = true;
        _timer?.Dispose();
    }

    private void SubmitChunk()
    {
        if (_items.Count == 0)
            return;
        T[] chunk = [.. _items];
        _items.Clear();
        _isEmpty = true;
#pragma warning disable CA1031 // Any failure to submit ends the stream here.
        try
        {
            _submit(_submittedItems, chunk);
        }
        catch (Exception exception)
        {
            EndSource(exception);
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
                SubmitChunk();
        }
    }
}
