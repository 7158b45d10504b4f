namespace Actors.Coordinator.Pools;

/// <summary>
/// How often a pool compares its beliefs with one executor: a second after the last progress, then at growing intervals while nothing
/// changes, so that a
/// lost message is noticed within seconds and a long job costs little.
/// </summary>
internal sealed class ComparisonSchedule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private TimeSpan _interval = Shortest;
    private TimeSpan? _last;

    /// <summary>Whether there was no progress since the last comparison.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>Whether a comparison is due; if so, it counts as made.</summary>
    /// <param name="lastProgress">When jobs were last given or reports came.</param>
    /// <param name="hasGap">Whether a message is known to be lost: then it does not wait.</param>
    /// <param name="now">The time.</param>
    public bool TryBegin(TimeSpan lastProgress, bool hasGap, TimeSpan now)
    {
        var isRepeated = _last is { } last && last > lastProgress;
        if (!isRepeated)
            _interval = Shortest;
        if (!hasGap && now - (isRepeated ? _last!.Value : lastProgress) < _interval)
            return false;
        IsRepeated = isRepeated;
        _last = now;
        if (isRepeated)
            _interval = TimeSpan.FromTicks(Math.Min(2 * _interval.Ticks, Longest.Ticks));
        return true;
    }
}
