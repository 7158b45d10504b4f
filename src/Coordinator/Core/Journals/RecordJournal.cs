using Actors.Messages;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Writes the records of a durable pool or object. One record at a time is in flight; changes meanwhile go together into the next one, so
/// the size of records adapts to the load.
/// </summary>
/// <typeparam name="TNotes">The type that collects the content of a record.</typeparam>
/// <param name="send">Sends a message to the journal, on behalf of the pool or object.</param>
/// <param name="clock">The clock for the times of records.</param>
/// <param name="snapshotInterval">The bytes written between two snapshots, at least; null for the default. Tests choose less.</param>
public abstract class RecordJournal<TNotes>(Action<object> send, TimeProvider clock, long? snapshotInterval = null)
    where TNotes : JournalBatch, new()
{
    /// <summary>The size at which a batch is full. One large part may exceed it.</summary>
    private const int MaxBatchSize = 4 << 20;

    /// <summary>
    /// The bytes written between two snapshots, at least. Never less than twice the size of a snapshot, so that it costs less than the
    /// records that it replaces.
    /// </summary>
    private const long SnapshotInterval = 32L << 20;

    private TNotes? _batchInFlight;
    private IWireMessage? _recordInFlight;
    private long _sinceSnapshot;

    /// <summary>The number of records that were written since the start.</summary>
    public long Written { get; private set; }

    /// <summary>The batch for the next changes.</summary>
    public TNotes NextBatch =>
        WaitingBatches.Last is { Value: { Size: < MaxBatchSize } notes } ? notes : WaitingBatches.AddLast(new TNotes()).Value;

    /// <summary>The batches that wait to be written.</summary>
    protected LinkedList<TNotes> WaitingBatches { get; } = [];

    /// <summary>The record in flight. Null for none.</summary>
    protected IWireMessage? RecordInFlight => _recordInFlight;

    /// <summary>The approximate size of a snapshot in bytes.</summary>
    protected abstract long SnapshotSize { get; }

    /// <summary>Runs an action when all changes so far are written, or now if they are.</summary>
    public void WhenWritten(Action action)
    {
        if ((WaitingBatches.Last?.Value ?? _batchInFlight) is { } last)
            last.AddContinuation(action);
        else
            action();
    }

    /// <summary>Starts a new batch, so that later changes go into another record.</summary>
    protected void StartNextBatch()
    {
        if (WaitingBatches.Count > 0)
            WaitingBatches.AddLast(new TNotes());
    }

    /// <summary>Writes the next batch unless a record is in flight.</summary>
    public void WriteNext()
    {
        while (_batchInFlight is null && WaitingBatches.First is { } first)
        {
            WaitingBatches.RemoveFirst();
            if (!first.Value.NeedsWrite)
            {
                first.Value.RunContinuations();
                continue;
            }

            _batchInFlight = first.Value;
            _recordInFlight = first.Value.ToRecord(clock.GetUtcNow().ToUnixTimeMilliseconds());
            _sinceSnapshot += first.Value.Size;
            send(new JournalProtocol.WriteRecord(_recordInFlight));
        }
    }

    /// <summary>Deletes the journal.</summary>
    public void DeleteJournal() => send(new JournalProtocol.DeleteJournal());

    /// <summary>Handles the written record, and writes the next one.</summary>
    public void OnWritten()
    {
        var (written, record) = (_batchInFlight!, _recordInFlight!);
        (_batchInFlight, _recordInFlight) = (null, null);
        Written++;
        ApplyWritten(record);
        if (_sinceSnapshot > Math.Max(snapshotInterval ?? SnapshotInterval, 2 * SnapshotSize))
        {
            _sinceSnapshot = 0;
            WriteSnapshot();
        }

        written.RunContinuations();
        WriteNext();
    }

    /// <summary>Applies a written record. No later record is written yet.</summary>
    protected abstract void ApplyWritten(IWireMessage record);

    /// <summary>Writes a snapshot soon.</summary>
    protected abstract void WriteSnapshot();

    /// <summary>Sends a snapshot of exactly the written state to the journal.</summary>
    protected void SendSnapshot(IWireMessage snapshot) => send(new JournalProtocol.SaveSnapshot(snapshot));
}
