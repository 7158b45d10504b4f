namespace Actors.Pools;

/// <summary>Collects the value or the error of each item.</summary>
internal sealed class MapResults<TResult>(
    int items, int chunkSize, PoolCallbacks callbacks, JobOptions? options, CancellationToken cancellationToken)
    : MapCollector<MapChunk<TResult>, ItemResult<TResult>[]>(items, chunkSize, callbacks, options, cancellationToken)
{
    private readonly ItemResult<TResult>[] _results = new ItemResult<TResult>[items];

    /// <inheritdoc/>
    public override ChunkJob CreateJob(int start, int count) => new MapJob<TResult>(start, count, Collect, ReportProgress);

    /// <inheritdoc/>
    public override ISplitChunk SplitChunk(int start, int count) => new SplitChunk<TResult>(start, count, CollectChunk);

    /// <inheritdoc/>
    protected override bool StoreChunk(MapChunk<TResult> chunk)
    {
        var failed = false;
        for (var i = 0; i < chunk.Count; i++)
        {
            var result = chunk.TakeResult(i);
            _results[result.Index] = result;
            failed |= !result.IsSuccessful;
        }

        return failed;
    }

    /// <inheritdoc/>
    protected override void CompleteTask(TaskCompletionSource<ItemResult<TResult>[]> completion, Exception? early)
    {
        for (var i = 0; i < _results.Length && early is not null; i++)
            _results[i] ??= new ItemResult<TResult>(i, default!, early);
        completion.SetResult(_results);
    }
}
