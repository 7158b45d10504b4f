namespace Actors.Checkers;

/// <summary>
/// The history of a semaphore whose permits are held: never more live holders than permits. Not thread-safe. The order of the calls is the
/// order of time.
/// </summary>
/// <param name="permits">The number of permits.</param>
public sealed class SemaphoreHistory(int permits)
{
    private readonly Dictionary<long, int> _held = [];
    private readonly List<string> _violations = [];

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Records that a caller has received a permit.</summary>
    public void RecordAcquisition(long holder)
    {
        _held[holder] = _held.GetValueOrDefault(holder) + 1;
        var held = _held.Values.Sum();
        if (held > permits)
            _violations.Add($"Caller {holder} received a permit: {held} are held, of {permits}.");
    }

    /// <summary>Records that a holder is about to return a permit. Call it before the release.</summary>
    public void RecordRelease(long holder)
    {
        if (_held.GetValueOrDefault(holder) is > 0 and var held)
            _held[holder] = held - 1;
    }

    /// <summary>Records the death of a caller, which returns its permits.</summary>
    public void RecordDeath(long holder) => _held.Remove(holder);
}
