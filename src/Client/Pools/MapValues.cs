namespace Actors.Pools;

/// <summary>Collects the values in the order of the items. Where items failed, the task has their errors in that order.</summary>
internal sealed class MapValues<TResult>(
    int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    : MapCollector<MapChunk<TResult>, TResult[]>(items, chunkSize, callbacks, options, cancellationToken)
{
    private readonly TResult[] _values = new TResult[items];
    private MapErrors _errors;

    /// <inheritdoc/>
    protected override bool Store(MapChunk<TResult> chunk)
    {
        var errors = chunk.Errors.ToList();
        if (errors.Count == 0)
            chunk.CopyTo(_values);
        else
            _errors.AddRange(errors);
        return errors.Count > 0;
    }

    /// <inheritdoc/>
    protected override void Finish(TaskCompletionSource<TResult[]> completion, Exception? early)
    {
        if (!_errors.TryFail(completion, early))
            completion.SetResult(_values);
    }
}
