namespace Actors.Pools;

/// <summary>One chunk of a map as a job.</summary>
/// <param name="start">The index of the first item in the map.</param>
/// <param name="items">The number of items.</param>
/// <param name="progressed">Receives the start and the number of ended items; null for none.</param>
internal abstract class ChunkJob(long start, int items, Action<long, int>? progressed) : PendingJob
{
    /// <inheritdoc/>
    public override CallName Call => new(Id, Function, start, items);

    /// <summary>
    /// Whether the map can be found again, by its key or its id. Then the pool retains the results of the chunk until the whole map has
    /// ended.
    /// </summary>
    public bool IsRetained { get; set; }

    /// <summary>Whether the results have arrived, and are not of the type that the program expects.</summary>
    public bool IsUnreadable { get; protected set; }

    /// <inheritdoc/>
    public override bool CanBeFound => IsRetained;

    /// <inheritdoc/>
    public override int Items => items;

    /// <inheritdoc/>
    public override long FirstItem => start;

    /// <inheritdoc/>
    public override void ReportProgress(int items) => progressed?.Invoke(start, Math.Clamp(items, 0, Items));
}
