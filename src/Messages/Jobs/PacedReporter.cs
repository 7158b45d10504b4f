namespace Actors.Messages.Jobs;

/// <summary>
/// Sends the reports of jobs, at most ten times and ten of the largest values a second, and the rest at the end of a job. Reporting stores
/// a value and never waits for the connection. Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="sendsInline">Whether a value is sent on the reporting thread when it is due, because sending does not block.</param>
public abstract class PacedReporter(TimeProvider clock, bool sendsInline) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Held while values are sent, so that they stay in order.</summary>
    private readonly Lock _sending = new();

    private ITimer? _timer;
    private long? _sentAt;
    private TimeSpan _pause = Interval;
    private bool _isTimed;

    /// <summary>Guards the stored values.</summary>
    protected Lock Access { get; } = new();

    /// <summary>The clock.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Whether the job has ended. Read it under the lock.</summary>
    protected bool HasEnded { get; private set; }

    /// <summary>Sends the stored values now.</summary>
    public void SendNewest()
    {
        lock (_sending)
        {
            lock (Access)
            {
                _isTimed = false;
                if (TakeStored() is > 0 and var bytes)
                    (_sentAt, _pause) = (clock.GetTimestamp(), GetPause(bytes));
            }

            SendTaken();
        }
    }

    /// <summary>Sends the last values. Later ones are dropped.</summary>
    public void Dispose()
    {
        lock (Access)
        {
            HasEnded = true;
            _timer?.Dispose();
        }

        SendNewest();
    }

    /// <summary>Plans the sending of a value that was just stored. Call it under the lock.</summary>
    /// <returns>Whether to call <see cref="SendNewest"/> now, without the lock.</returns>
    protected bool PlanSending()
    {
        if (_isTimed)
            return false;
        var left = _sentAt is { } sentAt ? _pause - clock.GetElapsedTime(sentAt) : TimeSpan.Zero;
        if (left <= TimeSpan.Zero && sendsInline)
            return true;
        StartTimer(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        return false;
    }

    /// <summary>Takes the stored values, to send them next. Called under the lock.</summary>
    /// <returns>Their size in bytes; 0 for none.</returns>
    protected abstract long TakeStored();

    /// <summary>Sends the values that were taken. Called by one thread at a time.</summary>
    protected abstract void SendTaken();

    /// <summary>Gets the time until the next values are sent: the interval for each of the largest values.</summary>
    private static TimeSpan GetPause(long bytes) => Interval * Math.Max(1, (double)bytes / ProgressValue.Largest);

    private void StartTimer(TimeSpan left)
    {
        _isTimed = true;
        _timer ??= clock.CreateTimer(
            static reporter => ((PacedReporter)reporter!).SendNewest(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
