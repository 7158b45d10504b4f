namespace Actors.Pools;

/// <summary>A map whose results are taken one by one. Every enumeration runs it anew.</summary>
internal sealed class MapStream<T, TResult>(
    IEnumerable<T> items, int chunkSize, int maxChunksAhead, bool isOrdered, Action<PendingJob, T[], CancellationToken> submit)
    : IAsyncEnumerable<TResult>
{
    public IAsyncEnumerator<TResult> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new MapStreamEnumerator<T, TResult>(items.GetEnumerator(), chunkSize, maxChunksAhead, isOrdered, submit, cancellationToken);
}
