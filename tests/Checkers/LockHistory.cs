namespace Actors.Checkers;

/// <summary>
/// The history of a lock: at most one live holder, and a fencing token that grows with each acquisition. Not thread-safe. The order of the
/// calls is the order of time.
/// </summary>
public sealed class LockHistory
{
    private readonly List<string> _violations = [];
    private (long Holder, long Token)? _hold;
    private long _lastToken;

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Records that a caller has received the lock.</summary>
    public void RecordAcquisition(long holder, long token)
    {
        if (_hold is { } hold)
            _violations.Add($"Caller {holder} received the lock (token {token}) while caller {hold.Holder} held it (token {hold.Token}).");
        if (token <= _lastToken)
            _violations.Add($"Caller {holder} received the lock with token {token} after token {_lastToken}.");
        _hold = (holder, token);
        _lastToken = Math.Max(_lastToken, token);
    }

    /// <summary>Records that a holder is about to release the lock. Call it before the release.</summary>
    public void RecordRelease(long holder)
    {
        if (_hold?.Holder == holder)
            _hold = null;
    }

    /// <summary>Finds the token with which a caller holds the lock; null if it does not.</summary>
    public long? FindToken(long caller) => _hold?.Holder == caller ? _hold.Value.Token : null;

    /// <summary>Records the death of a caller, which releases its lock.</summary>
    public void RecordDeath(long holder) => RecordRelease(holder);
}
