namespace Actors.Pools;

/// <summary>Collects the values in item order. A failed map throws the first error; its task holds all errors in item order.</summary>
internal sealed class MapValues<TResult>(
    int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    : MapCollector<MapChunk<TResult>, TResult[]>(items, chunkSize, callbacks, options, cancellationToken)
{
    private readonly TResult[] _values = new TResult[items];
    private MapErrors _errors;

    /// <inheritdoc/>
    public override ChunkJob CreateJob(int start, int count) => new MapJob<TResult>(start, count, Collect, ReportProgress);

    /// <inheritdoc/>
    protected override bool StoreChunk(MapChunk<TResult> chunk)
    {
        if (chunk.MayHaveErrors && chunk.Errors.ToList() is { Count: > 0 } errors)
        {
            _errors.AddRange(errors);
            return true;
        }

        chunk.CopyTo(_values);
        return false;
    }

    /// <inheritdoc/>
    protected override void CompleteTask(TaskCompletionSource<TResult[]> completion, Exception? early)
    {
        if (!_errors.TryFail(completion, early))
            completion.SetResult(_values);
    }
}
