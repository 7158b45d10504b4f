using Actors.Connections;

namespace Actors;

/// <summary>Waits for several ends of pipes at once.</summary>
public static class PipeEnd
{
    /// <inheritdoc cref="Connection.WaitAnyAsync"/>
    public static Task<IReadOnlyList<TEnd>> WaitAnyAsync<TEnd>(
        IEnumerable<TEnd> ends, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TEnd : IPollable => ReadyEnds.WaitForAnyAsync(ends, timeout, cancellationToken);

    /// <inheritdoc cref="Connection.WaitAnyAsync"/>
    public static IReadOnlyList<TEnd> WaitAny<TEnd>(
        IEnumerable<TEnd> ends, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TEnd : IPollable => WaitAnyAsync(ends, timeout, cancellationToken).GetAwaiter().GetResult();
}
