namespace Actors.Pools;

/// <summary>A chunk of a map whose items are submitted as separate jobs, because one of them cannot be sent.</summary>
internal interface ISplitChunk
{
    /// <summary>Creates the job of an item.</summary>
    /// <param name="index">The index of the item in the map.</param>
    ChunkJob CreateJob(long index);

    /// <summary>Records an item that cannot be sent.</summary>
    /// <param name="index">The index of the item in the map.</param>
    /// <param name="error">The reason.</param>
    void FailItem(long index, Exception error);
}

/// <summary>Joins the results of the items. Thread-safe.</summary>
/// <param name="start">The index of the first item in the map.</param>
/// <param name="count">The number of items.</param>
/// <param name="collect">Receives the results when all items have ended.</param>
internal sealed class SplitChunk<TResult>(long start, int count, Action<MapChunk<TResult>> collect) : ISplitChunk
{
    private readonly (TResult Value, Exception? Error)[] _items = new (TResult, Exception?)[count];
    private int _missing = count;

    /// <inheritdoc/>
    public ChunkJob CreateJob(long index) => new MapJob<TResult>(index, 1, CollectItem);

    /// <inheritdoc/>
    public void FailItem(long index, Exception error) => CollectItem(MapChunk<TResult>.CreateFailed(index, 1, error));

    private void CollectItem(MapChunk<TResult> item)
    {
        _items[item.Start - start] = item.TakeEither(0);
        if (Interlocked.Decrement(ref _missing) == 0)
            collect(MapChunk<TResult>.FromItems(start, _items));
    }
}
