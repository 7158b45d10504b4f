namespace Actors.Checkers;

/// <summary>
/// The history of a condition of a fair lock. A notified waiter receives the lock before every caller that requests it later, and no
/// notification is lost: another waiter receives it when the notified one dies. Not thread-safe. The order of the calls is the order of
/// time.
/// </summary>
public sealed class ConditionHistory
{
    private readonly Dictionary<long, Wait> _waits = [];
    private readonly List<HashSet<long>> _notified = [];
    private readonly List<string> _violations = [];
    private long _clock;

    /// <summary>The violations so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Records that a holder of the lock begins to wait.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="token">The token with which it held the lock.</param>
    public void RecordWait(long caller, long token) => _waits[caller] = new Wait(token);

    /// <summary>Records that the holder with a token has notified one waiter, if there was one.</summary>
    public void RecordNotification(long token) => AddNotified([.. FindWaiting(token)]);

    /// <summary>Records that the holder with a token has notified all waiters.</summary>
    public void RecordNotificationOfAll(long token)
    {
        _clock++;
        foreach (var caller in FindWaiting(token))
            _waits[caller].NotifiedAt ??= _clock;
        RecordLoss(token);
    }

    /// <summary>Records that the holder with a token has died, which notifies all waiters, now or later.</summary>
    public void RecordLoss(long token)
    {
        foreach (var caller in FindWaiting(token))
            AddNotified([caller]);
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
    public void RecordReturn(long caller, long token, bool isNotified)
    {
        if (_waits.TryGetValue(caller, out var wait) && isNotified && token > wait.Limit)
        {
            _violations.Add(
                $"Caller {caller} was notified, and received the lock (token {token}) after one that requested it later (token "
                + $"{wait.Limit}).");
        }

        if (isNotified && _notified.FindIndex(notified => notified.Contains(caller)) is >= 0 and var first)
            _notified.RemoveAt(first);
        RecordDeath(caller);
    }

    /// <summary>Records that a caller waits no more: it has died, or has abandoned the wait.</summary>
    public void RecordDeath(long caller)
    {
        _waits.Remove(caller);
        foreach (var notified in _notified)
            notified.Remove(caller);
        _notified.RemoveAll(static notified => notified.Count == 0);
    }

    /// <summary>Completes the check when the lock was free for some time: a notified waiter has received it.</summary>
    public IReadOnlyList<string> FindViolations() =>
        [.. _violations, .. _notified.Select(notified => $"None of the callers {string.Join(", ", notified)} received a notification.")];

    /// <summary>Finds the callers that waited when the lock was acquired with a token.</summary>
    private IEnumerable<long> FindWaiting(long token) => _waits.Where(wait => wait.Value.Token < token).Select(wait => wait.Key);

    private void AddNotified(HashSet<long> callers)
    {
        if (callers.Count > 0)
            _notified.Add(callers);
    }

    private sealed class Wait(long token)
    {
        public long Token => token;

        public long? NotifiedAt { get; set; }

        /// <summary>The smallest token of a request after the notification.</summary>
        public long Limit { get; set; } = long.MaxValue;
    }
}
