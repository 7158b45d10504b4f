using Actors.Runtime;

namespace Actors.Pools;

/// <summary>
/// Collects the chunks of a map until all have ended, as Python does. With <see cref="JobOptions.FailFast"/> the first error ends the map
/// at once, and so does <see cref="JobOptions.MapTimeout"/>; the remaining chunks are cancelled then. Thread-safe.
/// </summary>
/// <typeparam name="TChunk">The results of one chunk.</typeparam>
/// <typeparam name="TOutput">The result of the map.</typeparam>
internal abstract class MapCollector<TChunk, TOutput>
    where TChunk : IMapChunk
{
    private readonly JobOptions? _options;
    private readonly Action<Task<TOutput>>? _ended;
    private readonly CancellationTokenSource? _rest;
    private readonly MapProgress? _progress;
    private readonly int _items;
    private readonly TaskCompletionSource<TOutput> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _missing;
    private int _itemsEnded;
    private Timer? _deadline;
    private bool _isOver;

    protected MapCollector(int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    {
        _options = options;
        _ended = callbacks.For<TOutput>(options);
        _items = items;
        _missing = (items + chunkSize - 1) / chunkSize;
        _progress = options?.Progress is { } progress ? new MapProgress(progress, callbacks, TimeProvider.System) : null;
        Progressed = _progress is null ? null : _progress.ReportRunning;
        _rest = options is { FailFast: true } or { MapTimeout: not null } ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        Token = _rest?.Token ?? cancellationToken;
    }

    /// <summary>Ends when the map does.</summary>
    public Task<TOutput> Task => _completion.Task;

    /// <summary>Given the start of a running chunk, and how many of its items have ended; null where nobody wants to know.</summary>
    public Action<long, int>? Progressed { get; }

    /// <summary>Cancels the chunks.</summary>
    public CancellationToken Token { get; }

    /// <summary>The name of the mapped function, for messages.</summary>
    public string? Function { get; set; }

    /// <summary>Where the map is noted if it fails and its caller does not look.</summary>
    public UnseenFailures? Unseen { get; init; }

    /// <summary>The map begins: its time runs. A map without items has ended.</summary>
    /// <param name="askProgress">Asks how far the running chunks are.</param>
    public void Begin(Action askProgress)
    {
        lock (_lock)
        {
            if (_missing == 0)
            {
                OnAllStored();
                return;
            }

            _progress?.Begin(askProgress);
            if (_options?.MapTimeout is { } timeout)
                _deadline = new Timer(_ => TimeOut(timeout), null, TimeoutRule.Require(timeout), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A chunk has ended.</summary>
    public void Collect(TChunk chunk)
    {
        lock (_lock)
        {
            // The chunks that were cancelled go on ending after the map has.
            if (_isOver)
                return;
            var failed = Store(chunk);
            _itemsEnded += chunk.Count;
            if (--_missing == 0)
                OnAllStored();
            else if (failed && IsFailFast)
                FailFast();
            else
                _progress?.Report(chunk.Start, _itemsEnded);
        }
    }

    /// <summary>The map could not be submitted: its caller gets the reason, and nobody waits for the task.</summary>
    public void Abandon()
    {
        lock (_lock)
            _isOver = true;
        _progress?.Dispose();
        Release();
    }

    /// <summary>Stores the results of a chunk.</summary>
    /// <returns>Whether any item failed.</returns>
    protected abstract bool Store(TChunk chunk);

    /// <summary>Ends the task.</summary>
    /// <param name="completion">The source of the task.</param>
    /// <param name="early">Why the remaining items were cancelled; null when all have ended.</param>
    protected abstract void Finish(TaskCompletionSource<TOutput> completion, Exception? early);

    /// <summary>Ends the map when the last chunk has been stored. Called under the lock.</summary>
    protected virtual void OnAllStored() => Complete(null);

    /// <summary>Runs a step under the lock, unless the map has ended.</summary>
    /// <param name="step">The step; it may call <see cref="Complete"/>.</param>
    protected void RunLocked(Action step)
    {
        lock (_lock)
        {
            if (!_isOver)
                step();
        }
    }

    /// <summary>Ends the map. Called under the lock, once.</summary>
    /// <param name="early">Why the remaining items are cancelled; null when all have ended.</param>
    protected void Complete(Exception? early)
    {
        _isOver = true;
        _progress?.End(_itemsEnded);
        Finish(_completion, early);
        if (Task.IsFaulted)
            Unseen?.Note(Task);
        _ended?.Invoke(_completion.Task);
        Release();
    }

    /// <summary>Cancels the remaining items. Called under the lock.</summary>
    protected void FailFast() =>
        Complete(new JobCancelledException($"{Function ?? "The map"}: the item was cancelled, because another failed before and FailFast is set."));

    /// <summary>Whether the first error ends the map.</summary>
    protected bool IsFailFast => _options is { FailFast: true };

    private void TimeOut(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            Complete(new JobTimedOutException(
                $"The map of {Function} did not end within its {nameof(JobOptions.MapTimeout)} of {timeout}: {_itemsEnded:N0} of {_items:N0} "
                + "items had ended, the others were cancelled. Raise the timeout, or map fewer items at once."));
        }
    }

    /// <summary>Cancels what has not ended, on another thread: this one takes results in.</summary>
    private void Release()
    {
        _deadline?.Dispose();
        _rest?.CancelAsync().ContinueWith(
            static (_, rest) => ((CancellationTokenSource)rest!).Dispose(), _rest, CancellationToken.None,
            TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
