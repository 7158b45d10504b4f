using System.Collections.Concurrent;

namespace Actors.Messages.Telemetry;

/// <summary>
/// Limits the number of different values of a tag, or of a combination of tags. Other programs choose some values, and a listener keeps a
/// time series for each of them until the process ends. Thread-safe.
/// </summary>
/// <param name="limit">The number of values. Later ones must be reported as <see cref="ActorsTelemetry.OtherValue"/>.</param>
public sealed class TagLimit<T>(int limit)
    where T : notnull
{
    private readonly ConcurrentDictionary<T, bool> _admitted = new();
    private volatile bool _isFull;

    /// <summary>Whether the value is one of the first values that were asked for.</summary>
    public bool Admits(T value)
    {
        if (_admitted.ContainsKey(value))
            return true;
        // Above the limit, each job may ask. The lock is only for the first values.
        if (_isFull)
            return false;
        lock (_admitted)
        {
            _isFull = _admitted.Count >= limit;
            return !_isFull && (_admitted.TryAdd(value, true) || _admitted.ContainsKey(value));
        }
    }
}
