namespace Actors.Pools;

/// <summary>A chunk that passes its results to a collector.</summary>
/// <param name="start">The index of the first item in the map.</param>
/// <param name="items">The number of items.</param>
/// <param name="collect">Receives the results.</param>
/// <param name="progressed">Receives the start and the number of ended items; null for none.</param>
/// <typeparam name="TChunk">The results of the chunk.</typeparam>
internal abstract class CollectedChunkJob<TChunk>(long start, int items, Action<TChunk> collect, Action<long, int>? progressed)
    : ChunkJob(start, items, progressed)
{
    /// <summary>Receives the results.</summary>
    protected Action<TChunk> Collect => collect;

    /// <summary>Passes the results to the collector, after the values that the job has reported.</summary>
    protected void PublishResults(TChunk results)
    {
        if (Reports is null)
            collect(results);
        else
            PublishAfterReports(results);
    }

    /// <summary>A method of its own: the lambda would cost every chunk an object.</summary>
    private void PublishAfterReports(TChunk results) => Reports!.EndAfterValues(() => collect(results));
}
