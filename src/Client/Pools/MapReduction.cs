namespace Actors.Pools;

/// <summary>
/// Combines the results of chunks in item order, one at a time on the thread pool, as soon as the earlier ones have arrived.
/// </summary>
/// <param name="items">The number of items of the map.</param>
/// <param name="chunkSize">The number of items of a full chunk.</param>
/// <param name="reduce">Combines two results.</param>
/// <param name="callbacks">Calls the callbacks of the options.</param>
/// <param name="options">The options of each chunk.</param>
/// <param name="cancellationToken">Cancels the chunks.</param>
internal sealed class MapReduction<TResult>(
    int items, int chunkSize, Func<TResult, TResult, TResult> reduce, PoolCallbacks callbacks, JobOptions? options,
    CancellationToken cancellationToken)
    : MapCollector<ReducedChunk<TResult>, TResult>(items, chunkSize, callbacks, options, cancellationToken)
{
    private readonly int _chunkSize = chunkSize;
    private readonly ReducedChunk<TResult>?[] _arrived = new ReducedChunk<TResult>?[(items + chunkSize - 1) / chunkSize];
    private MapErrors _errors;
    private TResult? _value;
    private int _next;
    private bool _hasValue;
    private bool _isCombining;
    private bool _isAllStored;

    /// <summary>Sets the value that the first result is combined with.</summary>
    public void SetSeed(TResult seed) => (_value, _hasValue) = (seed, true);

    /// <inheritdoc/>
    public override ChunkJob CreateJob(int start, int count) => new ReducedJob<TResult>(start, count, Collect, ReportProgress);

    /// <inheritdoc/>
    protected override bool StoreChunk(ReducedChunk<TResult> chunk)
    {
        if (chunk.Error is { } error)
        {
            _errors.Add(chunk.Start, error);
            return true;
        }

        _arrived[chunk.Start / _chunkSize] = chunk;
        if (!_isCombining && _next < _arrived.Length && _arrived[_next] is not null)
        {
            _isCombining = true;
            _ = System.Threading.Tasks.Task.Run(CombineArrived);
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void OnAllStored()
    {
        _isAllStored = true;
        if (!_isCombining)
            EndMap(null);
    }

    /// <inheritdoc/>
    protected override void CompleteTask(TaskCompletionSource<TResult> completion, Exception? early)
    {
        if (_errors.TryFail(completion, early))
            return;
        if (_hasValue)
            completion.SetResult(_value!);
        else
        {
            completion.SetException(
                new InvalidOperationException(
                    "MapReduceAsync got no items and therefore has no result. Pass a seed, which is the result for no items."));
        }
    }

    private void CombineArrived()
    {
        while (TakeNext() is { } chunk)
        {
#pragma warning disable CA1031 // Any exception of the user's function is the outcome of the map.
            try
            {
                _value = _hasValue ? reduce(_value!, chunk.Value) : chunk.Value;
                _hasValue = true;
            }
            catch (Exception exception)
            {
                FailedCall.AttachCall(exception, new CallName(default, Function, chunk.Start, chunk.Count));
                RunLocked(() => EndWithError(chunk, exception));
                return;
            }
#pragma warning restore CA1031
        }
    }

    private void EndWithError(ReducedChunk<TResult> chunk, Exception error)
    {
        _errors.Add(chunk.Start, error);
        _isCombining = false;
        if (_isAllStored)
            EndMap(null);
        else if (IsFailFast)
            EndByFailFast();
    }

    /// <summary>Takes the next result in order. Stops combining when it has not arrived, or after an error.</summary>
    private ReducedChunk<TResult>? TakeNext()
    {
        ReducedChunk<TResult>? chunk = null;
        RunLocked(() =>
        {
            if (!_errors.Any && _next < _arrived.Length)
                chunk = _arrived[_next];
            if (chunk is not null)
            {
                _arrived[_next++] = null;
                return;
            }

            _isCombining = false;
            if (_isAllStored)
                EndMap(null);
        });
        return chunk;
    }
}
