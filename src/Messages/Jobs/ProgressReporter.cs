namespace Actors.Messages.Jobs;

/// <summary>
/// Sends the newest values that jobs report, at most ten times and ten of the largest values a second, and the last ones at the end of a
/// job. Reporting stores the value and never waits for the connection. Thread-safe.
/// </summary>
/// <typeparam name="TKey">The type that identifies an <see cref="IProgress{T}"/>.</typeparam>
/// <param name="clock">The clock.</param>
/// <param name="send">Sends the newest value of an <see cref="IProgress{T}"/>.</param>
/// <param name="sendsInline">Whether a value is sent on the reporting thread when it is due, because sending does not block.</param>
internal sealed class ProgressReporter<TKey>(TimeProvider clock, Action<TKey, ReadOnlyMemory<byte>> send, bool sendsInline) : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Held while values are sent, so that they stay in order.</summary>
    private readonly Lock _sending = new();

    private readonly Lock _access = new();
    private readonly Dictionary<TKey, ReadOnlyMemory<byte>> _newest = [];
    private ITimer? _timer;
    private long? _sentAt;
    private TimeSpan _pause = Interval;
    private bool _isTimed;
    private bool _hasEnded;

    /// <summary>The number of values that were not sent yet.</summary>
    public int UnsentCount
    {
        get
        {
            lock (_access)
                return _newest.Count;
        }
    }

    /// <summary>Stores a value, which replaces an unsent one. Does nothing after the end of the job.</summary>
    public void Report(TKey key, ReadOnlyMemory<byte> value)
    {
        TimeSpan left;
        lock (_access)
        {
            if (_hasEnded)
                return;
            _newest[key] = value;
            if (_isTimed)
                return;
            left = _sentAt is { } sentAt ? _pause - clock.GetElapsedTime(sentAt) : TimeSpan.Zero;
            if (left > TimeSpan.Zero || !sendsInline)
                StartTimer(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        if (left <= TimeSpan.Zero && sendsInline)
            SendNewest();
    }

    /// <summary>Sends the stored values now.</summary>
    public void SendNewest()
    {
        lock (_sending)
        {
            KeyValuePair<TKey, ReadOnlyMemory<byte>>[] values;
            lock (_access)
            {
                values = [.. _newest];
                _newest.Clear();
                _isTimed = false;
                if (values.Length > 0)
                    (_sentAt, _pause) = (clock.GetTimestamp(), GetPause(values.Sum(static value => (long)value.Value.Length)));
            }

            foreach (var (key, value) in values)
                send(key, value);
        }
    }

    /// <summary>Sends the last values. Later ones are dropped.</summary>
    public void Dispose()
    {
        lock (_access)
        {
            _hasEnded = true;
            _timer?.Dispose();
        }

        SendNewest();
    }

    /// <summary>Gets the time until the next values are sent: the interval for each of the largest values.</summary>
    private static TimeSpan GetPause(long bytes) => Interval * Math.Max(1, (double)bytes / ProgressValue.Largest);

    private void StartTimer(TimeSpan left)
    {
        _isTimed = true;
        _timer ??= clock.CreateTimer(
            static reporter => ((ProgressReporter<TKey>)reporter!).SendNewest(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
