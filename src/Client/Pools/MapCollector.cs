using Actors.Runtime;

namespace Actors.Pools;

/// <summary>
/// Collects the chunks of a map until all have ended, as Python does. With <see cref="JobOptions.FailFast"/> the first error ends the map
/// at once, and so does <see cref="JobOptions.MapTimeout"/>; the remaining chunks are cancelled then. Thread-safe.
/// </summary>
/// <typeparam name="TResult">The function's result.</typeparam>
/// <typeparam name="TItem">What the caller gets for each item.</typeparam>
internal abstract class MapCollector<TResult, TItem>
{
    private readonly JobOptions? _options;
    private readonly Action<Task<TItem[]>>? _ended;
    private readonly CancellationTokenSource? _rest;
    private readonly MapProgress? _progress;
    private readonly TItem[] _items;
    private readonly TaskCompletionSource<TItem[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _missing;
    private int _itemsEnded;
    private Timer? _deadline;
    private bool _isOver;

    protected MapCollector(int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    {
        _options = options;
        _ended = callbacks.For<TItem[]>(options);
        _items = new TItem[items];
        _missing = (items + chunkSize - 1) / chunkSize;
        _progress = options?.Progress is { } progress ? new MapProgress(progress, callbacks, TimeProvider.System) : null;
        Progressed = _progress is null ? null : _progress.ReportRunning;
        _rest = options is { FailFast: true } or { MapTimeout: not null } ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        Token = _rest?.Token ?? cancellationToken;
    }

    /// <summary>Ends when the map does.</summary>
    public Task<TItem[]> Task => _completion.Task;

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
                Complete(null);
                return;
            }

            _progress?.Begin(askProgress);
            if (_options?.MapTimeout is { } timeout)
                _deadline = new Timer(_ => TimeOut(timeout), null, TimeoutRule.Require(timeout), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A chunk has ended.</summary>
    public void Collect(MapChunk<TResult> chunk)
    {
        lock (_lock)
        {
            // The chunks that were cancelled go on ending after the map has.
            if (_isOver)
                return;
            var failed = Store(chunk, _items);
            _itemsEnded += chunk.Count;
            if (--_missing == 0)
                Complete(null);
            else if (failed && _options is { FailFast: true })
                Complete(new JobCancelledException($"{Function ?? "The map"}: the item was cancelled, because another failed before and FailFast is set."));
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
    protected abstract bool Store(MapChunk<TResult> chunk, TItem[] items);

    /// <summary>Ends the map.</summary>
    /// <param name="completion">What to end.</param>
    /// <param name="items">What was stored.</param>
    /// <param name="early">Why the items that have not ended were given up; null when all have ended.</param>
    protected abstract void Finish(TaskCompletionSource<TItem[]> completion, TItem[] items, Exception? early);

    private void TimeOut(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            Complete(new JobTimedOutException(
                $"The map of {Function} did not end within its {nameof(JobOptions.MapTimeout)} of {timeout}: {_itemsEnded:N0} of {_items.Length:N0} "
                + "items had ended, the others were cancelled. Raise the timeout, or map fewer items at once."));
        }
    }

    private void Complete(Exception? early)
    {
        _isOver = true;
        _progress?.End(_itemsEnded);
        Finish(_completion, _items, early);
        if (Task.IsFaulted)
            Unseen?.Note(Task);
        _ended?.Invoke(_completion.Task);
        Release();
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

/// <summary>The values in the order of the items, or the errors in that order, of which awaiting throws the first.</summary>
internal sealed class MapValues<TResult>(
    int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    : MapCollector<TResult, TResult>(items, chunkSize, callbacks, options, cancellationToken)
{
    private List<(long Index, Exception Error)>? _errors;

    /// <inheritdoc/>
    protected override bool Store(MapChunk<TResult> chunk, TResult[] items)
    {
        var errors = chunk.Errors.ToList();
        if (errors.Count == 0)
            chunk.CopyTo(items);
        else
            (_errors ??= []).AddRange(errors);
        return errors.Count > 0;
    }

    /// <inheritdoc/>
    protected override void Finish(TaskCompletionSource<TResult[]> completion, TResult[] items, Exception? early)
    {
        var errors = (_errors ?? []).OrderBy(item => item.Index).Select(item => item.Error);
        // With fail-fast the error that ended the map is among them.
        if (early is JobTimedOutException)
            completion.SetException(errors.Prepend(early));
        else if (_errors is null)
            completion.SetResult(items);
        else
            completion.SetException(errors);
    }
}

/// <summary>The value or the error of each item.</summary>
internal sealed class MapResults<TResult>(
    int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    : MapCollector<TResult, ItemResult<TResult>>(items, chunkSize, callbacks, options, cancellationToken)
{
    /// <inheritdoc/>
    protected override bool Store(MapChunk<TResult> chunk, ItemResult<TResult>[] items)
    {
        var failed = false;
        for (var i = 0; i < chunk.Count; i++)
        {
            var result = chunk.TakeResult(i);
            items[result.Index] = result;
            failed |= !result.IsSuccessful;
        }

        return failed;
    }

    /// <inheritdoc/>
    protected override void Finish(TaskCompletionSource<ItemResult<TResult>[]> completion, ItemResult<TResult>[] items, Exception? early)
    {
        for (var i = 0; i < items.Length && early is not null; i++)
            items[i] ??= new ItemResult<TResult>(i, default!, early);
        completion.SetResult(items);
    }
}
