namespace Actors.Pools;

/// <summary>
/// Reads the items of a lazy map on its own thread while the window has room, so that the consumer never waits for the source. A thread
/// that finds no room for a second ends, and the next released chunk starts another; an abandoned enumeration therefore keeps no thread.
/// </summary>
/// <param name="items">The source.</param>
/// <param name="chunks">Submits the items.</param>
/// <param name="maxAhead">The highest number of submitted chunks that are not released.</param>
internal sealed class MapSource<T>(IEnumerable<T> items, MapGathering<T> chunks, int maxAhead)
{
    /// <summary>The longest time that <see cref="StopReadingAsync"/> waits for a blocked source.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    /// <summary>The window refills in steps, because waking the thread for each chunk would cost more than the chunk.</summary>
    private readonly int _resumeAt = maxAhead - 1 - (maxAhead / 8);

    private readonly object _monitor = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IEnumerator<T>? _source;
    private long _released;
    private volatile ReadingStage _stage = ReadingStage.NotStarted;

    private enum ReadingStage
    {
        NotStarted,
        Reading,

        /// <summary>The thread waits for room in the window.</summary>
        Waiting,

        /// <summary>The window is full and the thread has ended.</summary>
        Parked,
        Ended,
    }

    private long Ahead => chunks.Submitted - Interlocked.Read(ref _released);

    /// <summary>Starts reading. Does nothing when already started.</summary>
    public void StartReading()
    {
        if (_stage == ReadingStage.NotStarted)
            StartThread();
    }

    /// <summary>Releases a chunk whose results were all consumed.</summary>
    public void ReleaseChunk()
    {
        Interlocked.Increment(ref _released);
        if (_stage is not (ReadingStage.Waiting or ReadingStage.Parked))
            return;
        lock (_monitor)
        {
            if (Ahead > _resumeAt)
                return;
            if (_stage == ReadingStage.Waiting)
                Monitor.Pulse(_monitor);
            else if (_stage == ReadingStage.Parked)
                StartThread();
        }
    }

    /// <summary>
    /// Stops reading and disposes the source. A source that is being read is disposed when it returns; this method waits at most a second
    /// for that, because the source may wait for the consumer.
    /// </summary>
    public async ValueTask StopReadingAsync()
    {
        chunks.Dispose();
        bool isIdle;
        lock (_monitor)
        {
            isIdle = _stage is ReadingStage.NotStarted or ReadingStage.Parked;
            if (isIdle)
                _stage = ReadingStage.Ended;
            Monitor.Pulse(_monitor);
        }

        if (isIdle)
            _source?.Dispose();
        else
            await WaitForSourceAsync().ConfigureAwait(false);
    }

    private async Task WaitForSourceAsync()
    {
        try
        {
            await _disposed.Task.WaitAsync(StopWait).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!_disposed.Task.IsCompleted)
        {
            // The thread disposes the source when it returns.
        }
    }

    private void StartThread()
    {
        _stage = ReadingStage.Reading;
        new Thread(ReadUntilEnd) { IsBackground = true, Name = "IMap source" }.Start();
    }

    private void ReadUntilEnd()
    {
        Exception? error = null;
#pragma warning disable CA1031 // The source is user code: its exception is passed to the consumer.
        try
        {
            if (!ReadItems())
                return;
        }
        catch (Exception exception)
        {
            error = exception;
        }
#pragma warning restore CA1031

        chunks.FlushChunk();
        chunks.EndSource(DisposeSource() ?? error);
        _stage = ReadingStage.Ended;
        _disposed.TrySetResult();
    }

    /// <returns>True when the source has ended; false when the thread parks.</returns>
    private bool ReadItems()
    {
        _source ??= items.GetEnumerator();
        while (!chunks.IsOver)
        {
            if (chunks.IsEmpty && Ahead >= maxAhead && !WaitForRoom())
                return false;
            if (chunks.IsOver || !_source.MoveNext())
                break;
            chunks.AddItem(_source.Current);
        }

        return true;
    }

    private bool WaitForRoom()
    {
        lock (_monitor)
        {
            _stage = ReadingStage.Waiting;
            // The stage must be visible before the window is checked: a chunk that is released from now on wakes the thread.
            Interlocked.MemoryBarrier();
            while (Ahead > _resumeAt && !chunks.IsOver)
            {
                if (Monitor.Wait(_monitor, IdleWait) || Ahead <= _resumeAt || chunks.IsOver)
                    continue;
                _stage = ReadingStage.Parked;
                return false;
            }

            _stage = ReadingStage.Reading;
            return true;
        }
    }

    /// <returns>The exception of Dispose, for the enumeration. Null after a stop, where <see cref="StopReadingAsync"/> throws it.</returns>
    private Exception? DisposeSource()
    {
#pragma warning disable CA1031 // The source is user code: its exception is passed to the consumer.
        try
        {
            _source?.Dispose();
            return null;
        }
        catch (Exception exception)
        {
            if (!chunks.IsOver)
                return exception;
            _disposed.TrySetException(exception);
            _ = _disposed.Task.Exception;
            return null;
        }
#pragma warning restore CA1031
    }
}
