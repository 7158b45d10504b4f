namespace Actors.Pools;

/// <summary>Computes the number of items of a map that form one job.</summary>
internal static class ChunkSize
{
    private const int ChunksPerProcess = 4;
    private const int ProcessesOfCluster = 16;

    /// <summary>
    /// Returns Python's default of four chunks for each process, or one item for each chunk when every item needs its own job.
    /// </summary>
    /// <param name="items">The number of items.</param>
    /// <param name="processes">The number of workers of the pool; 0 when unknown.</param>
    /// <param name="requested">The requested size; null for the default.</param>
    /// <param name="isSeparate">True to run each item as its own job.</param>
    public static int GetSize(int items, int processes, int? requested, bool isSeparate)
    {
        if (requested is { } size)
            return Math.Min(RequirePositive(size), Math.Max(1, items));
        if (isSeparate)
            return 1;
        var chunks = ChunksPerProcess * (processes == 0 ? ProcessesOfCluster : processes);
        return Math.Max(1, (items + chunks - 1) / chunks);
    }

    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public static int RequirePositive(int chunkSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkSize);
        return chunkSize;
    }
}
