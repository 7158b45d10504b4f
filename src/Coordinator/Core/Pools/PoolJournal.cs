using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Writes the records of a durable pool.</summary>
/// <param name="send">Sends a message to the journal, on behalf of the pool.</param>
/// <param name="clock">The clock for the times of records.</param>
/// <param name="snapshotInterval">The bytes written between two snapshots, at least; null for the default.</param>
public sealed class PoolJournal(Action<object> send, TimeProvider clock, long? snapshotInterval = null)
    : RecordJournal<PoolJournalBatch>(send, clock, snapshotInterval)
{
    /// <summary>The number of outcomes that are not written, and therefore not reported to the client.</summary>
    public int UnwrittenCompletions => ((RecordInFlight as PoolRecord)?.Ended.Length ?? 0) + WaitingBatches.Sum(notes => notes.Completions);

    /// <summary>The written state of the pool.</summary>
    public PoolLedger Ledger { get; } = new();

    /// <summary>Adds the options of a build that a client has opened.</summary>
    public void AddOpened(PoolSpec spec)
    {
        // A record holds the options of one build.
        if (NextBatch.HasOpened)
            StartNextBatch();
        NextBatch.AddOpened(spec);
    }

    /// <inheritdoc/>
    protected override long SnapshotSize => Ledger.Size;

    /// <inheritdoc/>
    protected override void ApplyWritten(IWireMessage record) => Ledger.ApplyRecord((PoolRecord)record);

    /// <inheritdoc/>
    protected override void WriteSnapshot() => SendSnapshot(Ledger.ToSnapshot());
}
