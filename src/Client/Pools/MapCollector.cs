namespace Actors.Pools;

/// <summary>
/// Collects the chunks of a map until all have ended, as Python does; then there are all results in the order of the items, or the errors
/// in that order, of which awaiting throws the first. Where the options want it, the first error to come ends it at once.
/// </summary>
internal sealed class MapCollector<TResult>
{
    private readonly int _chunkSize;
    private readonly PoolCallbacks _callbacks;
    private readonly JobOptions? _options;
    private readonly Action<Task<TResult[]>>? _ended;
    private readonly CancellationTokenSource? _rest;
    private readonly TResult[] _results;
    private readonly List<(int Index, Exception Error)> _errors = [];
    private readonly TaskCompletionSource<TResult[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _missing;
    private int _itemsEnded;

    public MapCollector(int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    {
        _chunkSize = chunkSize;
        _callbacks = callbacks;
        _options = options;
        _ended = callbacks.For<TResult[]>(options);
        _results = new TResult[items];
        _missing = (items + chunkSize - 1) / chunkSize;
        _rest = options is { FailFast: true } ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        Token = _rest?.Token ?? cancellationToken;
        if (items == 0)
            Complete([]);
    }

    public Task<TResult[]> Task => _completion.Task;

    /// <summary>Cancels the chunks.</summary>
    public CancellationToken Token { get; }

    /// <summary>A chunk has ended.</summary>
    public void Collect(int chunk, MapChunk<TResult> results)
    {
        var start = chunk * _chunkSize;
        var errors = results.Errors.Select(item => (start + item.Index, item.Error)).ToList();
        if (errors.Count == 0)
            results.CopyTo(_results, start);
        lock (_lock)
        {
            _errors.AddRange(errors);
            _itemsEnded += results.Count;
            Report(_itemsEnded);
            if (--_missing == 0 || (_rest is not null && errors.Count > 0))
                Complete(_errors);
        }
    }

    private void Complete(List<(int Index, Exception Error)> errors)
    {
        // In fail-fast chunks go on ending after the map has.
        if (_completion.Task.IsCompleted)
            return;
        if (errors.Count == 0)
            _completion.SetResult(_results);
        else
            _completion.SetException(errors.OrderBy(item => item.Index).Select(item => item.Error));
        // A map that nobody awaits is no reason to end the process.
        _ = _completion.Task.Exception;
        _ended?.Invoke(_completion.Task);
        StopTheRest();
    }

    /// <summary>On another thread: this one takes results in.</summary>
    private void StopTheRest() => _rest?.CancelAsync().ContinueWith(
        static (_, rest) => ((CancellationTokenSource)rest!).Dispose(), _rest, CancellationToken.None,
        TaskContinuationOptions.None, TaskScheduler.Default);

    private void Report(int items)
    {
        if (_options?.Progress is { } progress)
            _callbacks.Add(() => progress.Report(items));
    }
}
