namespace Actors.Coordinator.Journals;

/// <summary>
/// The memory that one durable pool or queue keeps. It refuses additions above a limit, and never removes accepted work. Not thread-safe.
/// </summary>
/// <param name="usage">The usage of all pools and queues. Null for one without limits.</param>
public sealed class DurableCharge(DurableUsage? usage) : IDisposable
{
    /// <summary>The bytes of a loaded pool or queue without content: its actors.</summary>
    public const int Overhead = 32 << 10;

    /// <summary>The part of the limit of one that open calls without content may take: 1 / this number.</summary>
    private const int CallParts = 4;

    private long _memory;
    private long _results;

    /// <summary>Whether there is a limit.</summary>
    public bool IsLimited => usage is not null;

    /// <summary>Whether no further jobs should run, because of the retained results.</summary>
    public bool NeedsPause => usage is not null && (_results > usage.Limits.MemoryEach || (_results > 0 && usage.NeedsPause));

    /// <summary>Finds the reason to refuse an addition; null for none.</summary>
    /// <param name="name">The pool or queue, for the reason.</param>
    /// <param name="bytes">The bytes of the addition. An empty one is always accepted.</param>
    public string? FindRefusal(string name, long bytes)
    {
        if (usage is null || bytes == 0)
            return null;
        return _memory + bytes > usage.Limits.MemoryEach ? usage.Limits.FormatOwnRefusal(name)
            : usage.Memory + bytes > usage.Limits.Memory ? usage.Limits.FormatTotalRefusal()
            : usage.IsStoreFull ? usage.Limits.FormatStoreRefusal()
            : null;
    }

    /// <summary>
    /// Finds the reason to refuse a call that adds no content; null for none. Content does not count, because calls remove it.
    /// </summary>
    /// <param name="name">The queue, for the reason.</param>
    /// <param name="callBytes">The bytes of all open calls without content.</param>
    public string? FindCallRefusal(string name, long callBytes) =>
        usage is not null && callBytes > usage.Limits.MemoryEach / CallParts ? usage.Limits.FormatOwnRefusal(name) : null;

    /// <summary>Adds bytes to the content.</summary>
    public void Add(long bytes) => SetTotals(_memory + bytes, _results);

    /// <summary>Sets the bytes of the content, even above the limits.</summary>
    /// <param name="memory">The bytes of the whole content.</param>
    /// <param name="results">The bytes of the retained results among it.</param>
    public void SetContent(long memory, long results = 0) => SetTotals(Overhead + memory, results);

    /// <inheritdoc/>
    public void Dispose() => SetTotals(0, 0);

    private void SetTotals(long memory, long results)
    {
        if (usage is null)
            return;
        usage.Add(memory - _memory, results - _results);
        (_memory, _results) = (memory, results);
    }
}
