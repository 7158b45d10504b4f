namespace Actors.Checkers;

/// <summary>
/// The history of a condition of a fair lock: a waiter that was notified receives the lock before every caller that requests the lock
/// later. Not thread-safe. The order of the calls is the order of time.
/// </summary>
public sealed class ConditionHistory
{
    private readonly Dictionary<long, Wait> _waits = [];
    private readonly List<string> _violations = [];
    private long _clock;

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Records that a holder of the lock begins to wait without a timeout.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="token">The token with which it held the lock.</param>
    public void RecordWait(long caller, long token) => _waits[caller] = new Wait(token);

    /// <summary>Records that the holder with a token has notified all waiters.</summary>
    public void RecordNotification(long token)
    {
        _clock++;
        foreach (var wait in _waits.Values.Where(wait => wait.Token < token && wait.NotifiedAt is null))
            wait.NotifiedAt = _clock;
    }

    /// <summary>Records that a caller requests the lock.</summary>
    /// <returns>The number of the request for <see cref="RecordAcquisition"/>.</returns>
    public long RecordRequest() => ++_clock;

    /// <summary>Records that a requested lock was received.</summary>
    public void RecordAcquisition(long request, long token)
    {
        foreach (var wait in _waits.Values.Where(wait => wait.NotifiedAt < request))
            wait.Limit = Math.Min(wait.Limit, token);
    }

    /// <summary>Records that a waiter has received the lock again.</summary>
    public void RecordReturn(long caller, long token)
    {
        if (_waits.Remove(caller, out var wait) && token > wait.Limit)
        {
            _violations.Add(
                $"Caller {caller} was notified, and received the lock (token {token}) after one that requested it later (token {wait.Limit}).");
        }
    }

    /// <summary>Records that a caller waits no more: it has died, or has abandoned the wait.</summary>
    public void RecordDeath(long caller) => _waits.Remove(caller);

    private sealed class Wait(long token)
    {
        public long Token => token;

        public long? NotifiedAt { get; set; }

        /// <summary>The smallest token of a request after the notification.</summary>
        public long Limit { get; set; } = long.MaxValue;
    }
}
