using Microsoft.Extensions.Logging;

namespace Actors.Messages.Jobs;

/// <summary>
/// Sends the log records of a job in batches. Records above the limits are dropped and counted; <see cref="JobLogBatch.Total"/> tells the
/// client. Thread-safe.
/// </summary>
/// <param name="source">Describes the attempt; its records are not used.</param>
/// <param name="clock">The clock.</param>
/// <param name="send">Sends a batch with its number.</param>
/// <param name="sendsInline">Whether a batch is sent on the logging thread when it is due, because sending does not block.</param>
public sealed class JobLogReporter(JobLogBatch source, TimeProvider clock, Action<ProgressValue> send, bool sendsInline)
    : PacedReporter(clock, sendsInline)
{
    /// <summary>The most records of a job in a second.</summary>
    public const int MaxEachSecond = 1000;

    /// <summary>The most records of an attempt of a job.</summary>
    public const int MaxEachJob = 100_000;

    /// <summary>The most characters of the records that wait to be sent. Their encoding is smaller than the largest value.</summary>
    public const int MaxUnsent = 256 << 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private List<JobLogRecord> _unsent = [];
    private JobLogBatch? _taken;
    private int _unsentSize;
    private int _nextNumber = JobLogBatch.FirstNumber;
    private long _total;
    private long _sentTotal;
    private long _accepted;
    private long _secondBeganAt;
    private int _inSecond;

    /// <summary>The scopes that the job has begun.</summary>
    public JobLogScopes Scopes { get; } = new();

    /// <summary>Adds a record, or counts it as dropped. Does nothing after the end of the job.</summary>
    public void AddRecord<TState>(
        LogLevel level, string category, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Before the message is formatted: a job may log without end.
        if (!TryBegin())
            return;
        var record = JobLogRecord.FromEvent(level, category, eventId, state, exception, formatter) with
        {
            Scopes = Scopes.CaptureScopes(),
        };
        bool isDue;
        lock (Access)
        {
            if (HasEnded)
                return;
            _total++;
            if (_unsentSize + record.Size > MaxUnsent)
                return;
            _unsent.Add(record);
            _unsentSize += record.Size;
            isDue = PlanSending();
        }

        if (isDue)
            SendNewest();
    }

    /// <inheritdoc/>
    protected override long TakeStored()
    {
        if (_total == _sentTotal)
            return 0;
        _taken = source with { Total = _total, Records = [.. _unsent] };
        var size = Math.Max(1, _unsentSize);
        (_unsent, _unsentSize, _sentTotal) = ([], 0, _total);
        return size;
    }

    /// <inheritdoc/>
    protected override void SendTaken()
    {
        if (_taken is not { } batch)
            return;
        _taken = null;
        send(new ProgressValue(_nextNumber--, batch.ToBytes()));
    }

    /// <summary>Begins a record, or counts it as dropped.</summary>
    private bool TryBegin()
    {
        lock (Access)
        {
            if (HasEnded)
                return false;
            if (Clock.GetElapsedTime(_secondBeganAt) >= Second)
                (_secondBeganAt, _inSecond) = (Clock.GetTimestamp(), 0);
            if (_inSecond >= MaxEachSecond || _accepted >= MaxEachJob)
            {
                _total++;
                return false;
            }

            _inSecond++;
            _accepted++;
            return true;
        }
    }
}
