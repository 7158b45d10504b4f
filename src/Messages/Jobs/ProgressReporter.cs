namespace Actors.Messages.Jobs;

/// <summary>Sends the newest values that jobs report to the <see cref="IProgress{T}"/>s of their calls. Thread-safe.</summary>
/// <typeparam name="TKey">The type that identifies an <see cref="IProgress{T}"/>.</typeparam>
/// <param name="clock">The clock.</param>
/// <param name="send">Sends the newest value of an <see cref="IProgress{T}"/>.</param>
/// <param name="sendsInline">Whether a value is sent on the reporting thread when it is due, because sending does not block.</param>
public sealed class ProgressReporter<TKey>(TimeProvider clock, Action<TKey, ReadOnlyMemory<byte>> send, bool sendsInline)
    : PacedReporter(clock, sendsInline)
    where TKey : notnull
{
    private readonly Dictionary<TKey, ReadOnlyMemory<byte>> _newest = [];
    private KeyValuePair<TKey, ReadOnlyMemory<byte>>[] _taken = [];

    /// <summary>The number of values that were not sent yet.</summary>
    public int UnsentCount
    {
        get
        {
            lock (Access)
                return _newest.Count;
        }
    }

    /// <summary>Stores a value, which replaces an unsent one. Does nothing after the end of the job.</summary>
    public void Report(TKey key, ReadOnlyMemory<byte> value)
    {
        bool isDue;
        lock (Access)
        {
            if (HasEnded)
                return;
            _newest[key] = value;
            isDue = PlanSending();
        }

        if (isDue)
            SendNewest();
    }

    /// <inheritdoc/>
    protected override long TakeStored()
    {
        _taken = [.. _newest];
        _newest.Clear();
        // A value without bytes counts too.
        return _taken.Sum(static value => Math.Max(1L, value.Value.Length));
    }

    /// <inheritdoc/>
    protected override void SendTaken()
    {
        foreach (var (key, value) in _taken)
            send(key, value);
        _taken = [];
    }
}
