namespace Actors.Messages.Jobs;

/// <summary>
/// Sends the newest values that a job reports, at most ten times a second, and the last ones at the end of the job. Reporting stores the
/// value and never waits for the connection. Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="send">Sends the number of an <see cref="IProgress{T}"/> and its newest value.</param>
/// <param name="sendsInline">Whether a value is sent on the reporting thread when it is due, because sending does not block.</param>
internal sealed class ProgressReporter(TimeProvider clock, Action<int, ReadOnlyMemory<byte>> send, bool sendsInline) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Held while values are sent, so that they stay in order.</summary>
    private readonly Lock _sending = new();

    private readonly Lock _access = new();
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _newest = [];
    private ITimer? _timer;
    private long? _sentAt;
    private bool _isTimed;
    private bool _hasEnded;

    /// <summary>Stores a value, which replaces an unsent one. Does nothing after the end of the job.</summary>
    public void Report(int number, ReadOnlyMemory<byte> value)
    {
        TimeSpan left;
        lock (_access)
        {
            if (_hasEnded)
                return;
            _newest[number] = value;
            if (_isTimed)
                return;
            left = _sentAt is { } sentAt ? Interval - clock.GetElapsedTime(sentAt) : TimeSpan.Zero;
            if (left > TimeSpan.Zero || !sendsInline)
                StartTimer(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        if (left <= TimeSpan.Zero && sendsInline)
            SendNewest();
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

    private void StartTimer(TimeSpan left)
    {
        _isTimed = true;
        _timer ??= clock.CreateTimer(
            static reporter => ((ProgressReporter)reporter!).SendNewest(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    private void SendNewest()
    {
        lock (_sending)
        {
            KeyValuePair<int, ReadOnlyMemory<byte>>[] values;
            lock (_access)
            {
                values = [.. _newest];
                _newest.Clear();
                _isTimed = false;
                _sentAt = clock.GetTimestamp();
            }

            foreach (var (number, value) in values)
                send(number, value);
        }
    }
}
