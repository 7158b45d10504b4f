namespace Actors.Pools;

/// <summary>A lazy map. Every enumeration runs it again.</summary>
/// <param name="Items">The source.</param>
/// <param name="ChunkSize">The highest number of items in one job.</param>
/// <param name="MaxChunksAhead">The highest number of submitted chunks with unread results.</param>
/// <param name="IsOrdered">Whether results are yielded in the order of the items.</param>
/// <param name="Submit">Submits a chunk.</param>
/// <param name="Take">Removes the result of an item from a chunk.</param>
internal sealed record MapStream<T, TResult, TItem>(
    IEnumerable<T> Items, int ChunkSize, int MaxChunksAhead, bool IsOrdered, Action<MapJob<TResult>, T[], CancellationToken> Submit,
    Func<MapChunk<TResult>, int, TItem> Take)
    : IAsyncEnumerable<TItem>
{
    public IAsyncEnumerator<TItem> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new MapStreamEnumerator<T, TResult, TItem>(this, cancellationToken);
}
