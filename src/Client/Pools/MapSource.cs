namespace Actors.Pools;

/// <summary>
/// Draws the items of a lazy map on a thread of its own, as long as the window has room. The consumer never waits for the source. A thread
/// that finds no room for a while ends, and a released chunk starts another: an enumeration that was abandoned keeps no thread.
/// </summary>
/// <param name="items">The source.</param>
/// <param name="chunks">Submits what was drawn.</param>
/// <param name="maxAhead">How many chunks may be submitted and not released.</param>
internal sealed class MapSource<T>(IEnumerable<T> items, MapGathering<T> chunks, int maxAhead)
{
    /// <summary>How long <see cref="StopAsync"/> waits for a source that does not return.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    /// <summary>A large window is filled up in steps: waking the thread for each chunk would cost more than the chunk.</summary>
    private readonly int _resumeAt = maxAhead - 1 - (maxAhead / 8);

    private readonly object _gate = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IEnumerator<T>? _source;
    private long _released;
    private volatile Stage _stage = Stage.NotStarted;

    private enum Stage
    {
        NotStarted,
        Drawing,

        /// <summary>The thread waits for room.</summary>
        Waiting,

        /// <summary>There is no room and no thread.</summary>
        Parked,
        Ended,
    }

    private long Ahead => chunks.Submitted - Interlocked.Read(ref _released);

    /// <summary>Starts to draw; nothing when it was started before.</summary>
    public void Start()
    {
        if (_stage == Stage.NotStarted)
            StartThread();
    }

    /// <summary>The consumer has taken all results of a chunk.</summary>
    public void Release()
    {
        Interlocked.Increment(ref _released);
        if (_stage is not (Stage.Waiting or Stage.Parked))
            return;
        lock (_gate)
        {
            if (Ahead > _resumeAt)
                return;
            if (_stage == Stage.Waiting)
                Monitor.Pulse(_gate);
            else if (_stage == Stage.Parked)
                StartThread();
        }
    }

    /// <summary>
    /// Stops drawing and disposes the source. A source that is being drawn from is disposed when it returns; this waits for it at most a
    /// second, since it may wait for something that the consumer does not do any more.
    /// </summary>
    public async ValueTask StopAsync()
    {
        chunks.Dispose();
        bool isIdle;
        lock (_gate)
        {
            isIdle = _stage is Stage.NotStarted or Stage.Parked;
            if (isIdle)
                _stage = Stage.Ended;
            Monitor.Pulse(_gate);
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
            // Its thread disposes it when it returns.
        }
    }

    private void StartThread()
    {
        _stage = Stage.Drawing;
        new Thread(Draw) { IsBackground = true, Name = "IMap source" }.Start();
    }

    private void Draw()
    {
        Exception? error = null;
#pragma warning disable CA1031 // The source is the user's code: what it throws is the consumer's.
        try
        {
            if (!DrawAll())
                return;
        }
        catch (Exception exception)
        {
            error = exception;
        }
#pragma warning restore CA1031

        chunks.Flush();
        chunks.End(DisposeSource() ?? error);
        _stage = Stage.Ended;
        _disposed.TrySetResult();
    }

    /// <returns>Whether the source has ended; false when the thread parks.</returns>
    private bool DrawAll()
    {
        _source ??= items.GetEnumerator();
        while (!chunks.IsOver)
        {
            if (chunks.IsEmpty && Ahead >= maxAhead && !WaitForRoom())
                return false;
            if (chunks.IsOver || !_source.MoveNext())
                break;
            chunks.Add(_source.Current);
        }

        return true;
    }

    private bool WaitForRoom()
    {
        lock (_gate)
        {
            _stage = Stage.Waiting;
            // Before it looks: who releases a chunk from now on sees that the thread waits.
            Interlocked.MemoryBarrier();
            while (Ahead > _resumeAt && !chunks.IsOver)
            {
                if (Monitor.Wait(_gate, IdleWait) || Ahead <= _resumeAt || chunks.IsOver)
                    continue;
                _stage = Stage.Parked;
                return false;
            }

            _stage = Stage.Drawing;
            return true;
        }
    }

    /// <returns>What it threw, where the consumer still takes results; what it throws after that is what stopping throws.</returns>
    private Exception? DisposeSource()
    {
#pragma warning disable CA1031 // As above.
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
