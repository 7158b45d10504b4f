namespace Actors.Runtime;

/// <summary>
/// Decides how long a coordinator is tried, and when again. One caller tries for all that wait. Has no actor, no clock and no threads. Not
/// thread-safe.
/// </summary>
internal sealed class CoordinatorConnectionState
{
    /// <summary>The longest attempt after a loss. A repeated attempt begins without the remains of the previous one.</summary>
    public static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure. Each further one doubles it.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private TimeSpan _deadline;
    private TimeSpan _pause;
    private bool _isUsed;

    /// <summary>The phase of the connection.</summary>
    public CoordinatorConnectionPhase Phase { get; private set; }

    /// <summary>A caller begins to try coordinators.</summary>
    /// <param name="patience">Its time limit; may be <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="now">The time.</param>
    public void StartConnecting(TimeSpan patience, TimeSpan now)
    {
        Phase = CoordinatorConnectionPhase.Connecting;
        _deadline = patience == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : now + patience;
        _pause = FirstPause;
    }

    /// <summary>Returns the time limit of an attempt that begins now; may be <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public TimeSpan GetAttemptLimit(TimeSpan now) =>
        _isUsed && _deadline - now > LongestAttempt ? LongestAttempt
        : _deadline == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan
        : _deadline > now ? _deadline - now : TimeSpan.Zero;

    /// <summary>No coordinator answered in an attempt.</summary>
    /// <returns>
    /// The pause before the next attempt; null when there is none. Before the first connection an attempt takes the caller's whole time.
    /// </returns>
    public TimeSpan? OnAttemptFailed(TimeSpan now)
    {
        if (!_isUsed || now + _pause >= _deadline)
            return null;
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        return pause;
    }

    /// <summary>A coordinator has answered.</summary>
    public void OnConnected() => (Phase, _isUsed) = (CoordinatorConnectionPhase.Connected, true);

    /// <summary>The caller has stopped: it is connected, was refused or canceled, or its time limit is reached.</summary>
    public void StopConnecting()
    {
        if (Phase == CoordinatorConnectionPhase.Connecting)
            Phase = _isUsed ? CoordinatorConnectionPhase.Disconnected : CoordinatorConnectionPhase.Ended;
    }

    /// <summary>The coordinator was lost.</summary>
    public void OnLost()
    {
        if (Phase == CoordinatorConnectionPhase.Connected)
            Phase = CoordinatorConnectionPhase.Disconnected;
    }

    /// <summary>The last user has released the connection.</summary>
    public void OnUnused()
    {
        _isUsed = false;
        if (Phase != CoordinatorConnectionPhase.Connecting)
            Phase = CoordinatorConnectionPhase.Ended;
    }
}
