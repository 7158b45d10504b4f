namespace Actors.Pools;

/// <summary>A map whose results are taken one by one. Every enumeration runs it anew.</summary>
/// <param name="Items">The source.</param>
/// <param name="ChunkSize">How many items travel as one job at most.</param>
/// <param name="MaxChunksAhead">How many chunks may be submitted whose results have not all been taken.</param>
/// <param name="IsOrdered">Whether the results come in the order of the items.</param>
/// <param name="Submit">Submits a chunk.</param>
/// <param name="Take">Takes out of a chunk what the consumer gets for an item.</param>
internal sealed record MapStream<T, TResult, TItem>(
    IEnumerable<T> Items, int ChunkSize, int MaxChunksAhead, bool IsOrdered, Action<PendingJob, T[], CancellationToken> Submit,
    Func<MapChunk<TResult>, int, TItem> Take)
    : IAsyncEnumerable<TItem>
{
    public IAsyncEnumerator<TItem> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new MapStreamEnumerator<T, TResult, TItem>(this, cancellationToken);
}
