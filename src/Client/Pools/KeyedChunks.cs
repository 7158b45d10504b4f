using System.Globalization;

namespace Actors.Pools;

/// <summary>
/// The chunks of a map with a key in a durable pool. Each chunk has a key of its own, so that a repeated map finds the chunks of the first
/// one. Their outcomes are acknowledged when the whole map has ended. Not thread-safe.
/// </summary>
/// <param name="options">The options of the map.</param>
internal sealed class KeyedChunks(JobOptions options)
{
    private readonly List<ChunkJob> _chunks = [];

    /// <summary>Adds a chunk.</summary>
    /// <returns>The options of its job.</returns>
    public JobOptions AddChunk(ChunkJob chunk)
    {
        chunk.HasKey = true;
        _chunks.Add(chunk);
        return options with { Key = string.Create(CultureInfo.InvariantCulture, $"{options.Key}#{chunk.FirstItem}") };
    }

    /// <summary>Acknowledges the outcomes after the map has ended: the results of all chunks are then in this process.</summary>
    /// <param name="map">The task of the map.</param>
    public void AcknowledgeAfter(Task map) => map.ContinueWith(
        static (_, chunks) => ((List<ChunkJob>)chunks!).ForEach(AcknowledgeChunk), _chunks, CancellationToken.None,
        TaskContinuationOptions.None, TaskScheduler.Default);

    private static void AcknowledgeChunk(ChunkJob chunk)
    {
        // A map has no handle for an explicit acknowledgment.
        if (chunk.IsAcknowledgedExplicitly)
            chunk.Received?.Invoke(chunk);
        else
            chunk.MarkRequested();
    }
}
