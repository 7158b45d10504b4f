using System.Globalization;
using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// The chunks of a map that can be found again in a durable pool: by the key of the map, by its id, or both. Their outcomes are retained
/// until the whole map has ended, and acknowledged together. Not thread-safe until the last chunk is added.
/// </summary>
internal sealed class RetainedChunks
{
    private readonly List<ChunkJob> _chunks = [];

    /// <summary>The chunks, in the order of their items.</summary>
    public IReadOnlyList<ChunkJob> All => _chunks;

    /// <summary>Adds a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="options">The options of the map; null for those of the pool.</param>
    /// <returns>The options of the chunk's job. With a key, each chunk has a key of its own.</returns>
    public JobOptions? AddChunk(ChunkJob chunk, JobOptions? options)
    {
        chunk.IsRetained = true;
        _chunks.Add(chunk);
        return options?.Key is { } key
            ? options with { Key = string.Create(CultureInfo.InvariantCulture, $"{key}#{chunk.FirstItem}") }
            : options;
    }

    /// <summary>
    /// Acknowledges the outcomes after the map has ended: the results of all chunks are then in this process. Results that this program
    /// cannot read are retained.
    /// </summary>
    /// <param name="map">The task of the map.</param>
    /// <returns>A task that completes with the map, after the acknowledgment.</returns>
    public Task AcknowledgeAfter(Task map) => map.ContinueWith(
        static (_, chunks) => ((RetainedChunks)chunks!).AcknowledgeReadOutcomes(), this, CancellationToken.None,
        TaskContinuationOptions.None, SimulatedThread.Scheduler);

    /// <summary>Acknowledges the outcomes, those of unfinished chunks when they end.</summary>
    public void AcknowledgeOutcomes()
    {
        foreach (var chunk in _chunks)
        {
            // Only the map decides about an explicit acknowledgment, because its chunks have no handles.
            chunk.IsAcknowledgedExplicitly = false;
            chunk.MarkRequested();
            // The end of the last chunk has ended the map, and may not be marked yet.
            chunk.ConfirmReceipt();
        }
    }

    private void AcknowledgeReadOutcomes()
    {
        if (!_chunks.Exists(static chunk => chunk.IsUnreadable))
            AcknowledgeOutcomes();
    }
}
