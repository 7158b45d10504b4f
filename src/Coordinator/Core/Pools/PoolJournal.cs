using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>The written side of a durable pool.</summary>
/// <param name="journal">Writes.</param>
/// <param name="owner">The pool's actor.</param>
/// <param name="clock">Tells when a record is made.</param>
internal sealed class PoolJournal(IActorRef journal, IActorRef owner, TimeProvider clock) : RecordJournal<PoolJournalBatch>(journal, owner, clock)
{
    /// <summary>How many ends of jobs nobody has been told of, for they are not written.</summary>
    public int UnwrittenCompletions => ((RecordInFlight as PoolRecord)?.Ended.Length ?? 0) + WaitingBatches.Sum(notes => notes.Completions);

    /// <summary>What was written, as far as it is known to be.</summary>
    public PoolLedger Ledger { get; } = new();

    /// <inheritdoc/>
    protected override long SnapshotSize => Ledger.Size;

    /// <inheritdoc/>
    protected override void ApplyWritten(IWireMessage record) => Ledger.ApplyRecord((PoolRecord)record);

    /// <inheritdoc/>
    protected override void WriteSnapshot() => SendSnapshot(Ledger.ToSnapshot());
}
