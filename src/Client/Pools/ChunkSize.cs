namespace Actors.Pools;

/// <summary>How many items of a map travel as one job.</summary>
internal static class ChunkSize
{
    private const int ChunksPerProcess = 4;
    private const int ProcessesOfCluster = 16;

    /// <summary>As Python chooses it: four chunks for each process. One item a chunk where the options treat each item by itself.</summary>
    /// <param name="items">How many items there are.</param>
    /// <param name="processes">How many executors the pool has; 0 when nobody knows.</param>
    /// <param name="asked">What the caller asked for.</param>
    /// <param name="isAlone">Whether each item is to run as a job of its own.</param>
    public static int Of(int items, int processes, int? asked, bool isAlone)
    {
        if (asked is { } size)
            return Math.Min(Checked(size), Math.Max(1, items));
        if (isAlone)
            return 1;
        var chunks = ChunksPerProcess * (processes == 0 ? ProcessesOfCluster : processes);
        return Math.Max(1, (items + chunks - 1) / chunks);
    }

    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public static int Checked(int chunkSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkSize);
        return chunkSize;
    }
}
