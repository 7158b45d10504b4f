namespace Actors.Pools;

/// <summary>
/// Combines the results of the chunks in the order of the items, on the thread pool and one at a time, as soon as those before have arrived.
/// </summary>
/// <param name="items">How many items the map has.</param>
/// <param name="chunkSize">How many items a full chunk has.</param>
/// <param name="reduce">Combines two results.</param>
/// <param name="callbacks">Calls the callbacks of the options.</param>
/// <param name="options">How the chunks are run.</param>
/// <param name="cancellationToken">Cancels the chunks.</param>
internal sealed class MapReduction<TResult>(
    int items, int chunkSize, Func<TResult, TResult, TResult> reduce, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
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
    public void Seed(TResult seed) => (_value, _hasValue) = (seed, true);

    /// <inheritdoc/>
    protected override bool Store(ReducedChunk<TResult> chunk)
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
            Complete(null);
    }

    /// <inheritdoc/>
    protected override void Finish(TaskCompletionSource<TResult> completion, Exception? early)
    {
        if (_errors.TryFail(completion, early))
            return;
        if (_hasValue)
            completion.SetResult(_value!);
        else
            completion.SetException(new InvalidOperationException("There are no items, and so no result. Pass a seed: it is the result for no items."));
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
                RunLocked(() => Fail(chunk, exception));
                return;
            }
#pragma warning restore CA1031
        }
    }

    private void Fail(ReducedChunk<TResult> chunk, Exception error)
    {
        _errors.Add(chunk.Start, error);
        _isCombining = false;
        if (_isAllStored)
            Complete(null);
        else if (IsFailFast)
            FailFast();
    }

    /// <summary>Takes the next result in order. Without one, or when there is an error, nothing is combined any more for now.</summary>
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
                Complete(null);
        });
        return chunk;
    }
}
