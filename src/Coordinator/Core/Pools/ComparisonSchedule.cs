using Actors.Messages;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Decides when a pool compares its state with one executor: a second after the last progress, then at growing intervals while nothing
/// changes. A lost message is noticed within seconds, and a long job costs little.
/// </summary>
public sealed class ComparisonSchedule
{
    private static readonly TimeSpan Shortest = ProtocolTimes.ShortestComparison;
    private static readonly TimeSpan Longest = ProtocolTimes.LongestComparison;

    private TimeSpan _interval = Shortest;
    private TimeSpan? _last;

    /// <summary>Whether the executor made no progress between the last two comparisons.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>Returns whether a comparison is due. A due comparison is recorded as made.</summary>
    /// <param name="lastProgress">The time at which the executor last received jobs or reported.</param>
    /// <param name="hasGap">Whether a message is known to be lost. The comparison is then due at once.</param>
    /// <param name="now">The current time.</param>
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
