using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Telemetry;
using Actors.Runtime;

namespace Actors.Pools;

/// <summary>
/// Collects the chunks of a map until all have ended, as Python does. <see cref="JobOptions.FailFast"/> (on the first error) and
/// <see cref="JobOptions.MapTimeout"/> end the map earlier and cancel the remaining chunks. Thread-safe.
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
    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource<TOutput> _completion = new(SimulatedThread.Continuations);
    private readonly Lock _lock = new();
    private int _missing;
    private int _itemsEnded;
    private ITimer? _deadline;
    private bool _isOver;
    private bool _hasFailed;

    protected MapCollector(int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    {
        _options = options;
        _ended = callbacks.GetEndAction<TOutput>(options);
        Items = items;
        _clock = callbacks.Clock;
        _missing = (items + chunkSize - 1) / chunkSize;
        _progress = options?.Progress is { } progress ? new MapProgress(progress, callbacks, callbacks.Clock) : null;
        ReportProgress = _progress is null ? null : _progress.ReportRunning;
        _rest = options is { FailFast: true } or { MapTimeout: not null }
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken)
            : null;
        Token = _rest?.Token ?? cancellationToken;
        Collect = CollectChunk;
    }

    /// <summary>The number of items of the map.</summary>
    public int Items { get; }

    /// <summary>Completes when the map ends.</summary>
    public Task<TOutput> Task => _completion.Task;

    /// <summary>Receives the start of a running chunk and the number of its ended items; null when progress is not reported.</summary>
    public Action<long, int>? ReportProgress { get; }

    /// <summary><see cref="CollectChunk"/> as one object for all chunks.</summary>
    protected Action<TChunk> Collect { get; }

    /// <summary>The token that cancels the chunks.</summary>
    public CancellationToken Token { get; }

    /// <summary>The name of the mapped function, for messages.</summary>
    public string? Function { get; set; }

    /// <summary>The span of the map; null without a listener.</summary>
    public Activity? Span { get; set; }

    /// <summary>Records the map when it fails and its task is not observed.</summary>
    public UnseenFailures? Unseen { get; init; }

    /// <summary>Starts the map timeout and the progress reports. Completes a map without items.</summary>
    /// <param name="askProgress">Requests the progress of the running chunks.</param>
    public void BeginMap(Action askProgress)
    {
        lock (_lock)
        {
            if (_missing == 0)
            {
                OnAllStored();
                return;
            }

            _progress?.StartAsking(askProgress);
            if (_options?.MapTimeout is { } timeout)
                _deadline = _clock.CreateTimer(_ => TimeOut(timeout), null, TimeoutRule.RequireValid(timeout), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Creates the job of a chunk.</summary>
    /// <param name="start">The index of the first item.</param>
    /// <param name="count">The number of items.</param>
    public abstract ChunkJob CreateJob(int start, int count);

    /// <summary>Splits a chunk with an item that cannot be sent; null if such an item fails the whole map.</summary>
    /// <param name="start">The index of the first item.</param>
    /// <param name="count">The number of items.</param>
    public virtual ISplitChunk? SplitChunk(int start, int count) => null;

    /// <summary>Records the results of a chunk that has ended.</summary>
    public void CollectChunk(TChunk chunk)
    {
        lock (_lock)
        {
            // Canceled chunks still report their end after the map has ended.
            if (_isOver)
                return;
            var failed = StoreChunk(chunk);
            _itemsEnded += chunk.Count;
            _hasFailed |= failed;
            if (--_missing == 0)
                OnAllStored();
            else if (failed && IsFailFast)
                EndByFailFast();
            else
                _progress?.ReportEnded(chunk.Start, _itemsEnded);
        }
    }

    /// <summary>Ends the map for a reason, and cancels the remaining items.</summary>
    public void EndEarly(Exception reason) => RunLocked(() => EndMap(reason));

    /// <summary>Drops a map that could not be submitted. The caller gets the exception, so the task stays incomplete.</summary>
    public void AbandonMap()
    {
        lock (_lock)
            _isOver = true;
        Span?.EndSpan("refused", "The map could not be submitted.");
        _progress?.Dispose();
        CancelRemaining();
    }

    /// <summary>Stores the results of a chunk.</summary>
    /// <returns>Whether any item failed.</returns>
    protected abstract bool StoreChunk(TChunk chunk);

    /// <summary>Ends the task.</summary>
    /// <param name="completion">The source of the task.</param>
    /// <param name="early">The reason for canceling the remaining items; null when all have ended.</param>
    protected abstract void CompleteTask(TaskCompletionSource<TOutput> completion, Exception? early);

    /// <summary>Ends the map when the last chunk has been stored. Called under the lock.</summary>
    protected virtual void OnAllStored() => EndMap(null);

    /// <summary>Runs a step under the lock, unless the map has ended.</summary>
    /// <param name="step">The step; it may call <see cref="EndMap"/>.</param>
    protected void RunLocked(Action step)
    {
        lock (_lock)
        {
            if (!_isOver)
                step();
        }
    }

    /// <summary>Ends the map. Called under the lock, once.</summary>
    /// <param name="early">The reason for canceling the remaining items; null when all have ended.</param>
    protected void EndMap(Exception? early)
    {
        _isOver = true;
        _progress?.ReportFinal(_itemsEnded);
        EndSpan(early);
        CompleteTask(_completion, early);
        if (Task.IsFaulted)
            Unseen?.NoteFailure(Task);
        _ended?.Invoke(_completion.Task);
        CancelRemaining();
    }

    private void EndSpan(Exception? early)
    {
        if (early is not null)
            Span?.EndSpan(early.GetType().FullName, early.Message);
        else if (_hasFailed)
            Span?.EndSpan("failed", "Items of the map failed.");
        else
            Span?.EndSpan();
    }

    /// <summary>Cancels the remaining items. Called under the lock.</summary>
    protected void EndByFailFast() =>
        EndMap(new JobCanceledException(
            $"{Function ?? "The map"}: the item was canceled because another item failed and FailFast is set."));

    /// <summary>Whether the first error ends the map.</summary>
    protected bool IsFailFast => _options is { FailFast: true };

    private void TimeOut(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            EndMap(new JobTimedOutException(
                $"The map of {Function} did not end within {nameof(JobOptions.MapTimeout)} ({timeout}): {_itemsEnded:N0} of {Items:N0} "
                + "items had ended; the others were canceled. Raise the timeout, or map fewer items at once."));
        }
    }

    /// <summary>Cancels the remaining chunks on another thread, because this one receives results.</summary>
    private void CancelRemaining()
    {
        _deadline?.Dispose();
        _rest?.CancelAsync().ContinueWith(
            static (_, rest) => ((CancellationTokenSource)rest!).Dispose(), _rest, CancellationToken.None,
            TaskContinuationOptions.None, SimulatedThread.Scheduler);
    }
}
