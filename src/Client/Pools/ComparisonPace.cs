using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// Decides how often a client compares its state with its pool: at growing intervals while no message arrives. Not thread-safe, except for
/// <see cref="IsRunning"/>.
/// </summary>
internal sealed class ComparisonPace
{
    private static readonly TimeSpan Shortest = ProtocolTimes.ShortestComparison;
    private static readonly TimeSpan Longest = ProtocolTimes.LongestComparison;

    private TimeSpan _pause = Shortest;
    private bool _hasProgressed;
    private volatile bool _isRunning;

    /// <summary>Whether <see cref="OnTick"/> will be called. May be read at any time, by any thread.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>Records that a message of the pool has arrived.</summary>
    public void RecordProgress() => _hasProgressed = true;

    /// <summary>Starts the ticks, unless they run.</summary>
    /// <returns>The time until the first tick; null when the ticks run.</returns>
    public TimeSpan? TryStart()
    {
        if (_isRunning)
            return null;
        _isRunning = true;
        return _pause = Shortest;
    }

    /// <summary>Stops the ticks.</summary>
    public void Stop() => _isRunning = false;

    /// <summary>Decides when the next tick is.</summary>
    /// <returns>The time until then, and whether no message has arrived since the last tick.</returns>
    public (TimeSpan Pause, bool IsQuiet) OnTick()
    {
        var isQuiet = !_hasProgressed;
        (_hasProgressed, _isRunning) = (false, true);
        _pause = !isQuiet ? Shortest : 2 * _pause <= Longest ? 2 * _pause : _pause;
        return (_pause, isQuiet);
    }
}
