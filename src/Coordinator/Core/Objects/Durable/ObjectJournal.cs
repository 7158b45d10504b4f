using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>Collects the commands of the next record of a durable object.</summary>
public sealed class ObjectJournalBatch : JournalBatch
{
    private readonly List<ObjectCommand> _commands = [];

    /// <inheritdoc/>
    protected override bool HasContent => _commands.Count > 0;

    public void AddCommand(ObjectCommand command)
    {
        _commands.Add(command);
        Size += DurableCommands.SizeOf(command);
    }

    /// <inheritdoc/>
    public override IWireMessage ToRecord(long at) => new ObjectRecord([.. _commands]);
}

/// <summary>Writes the records of a durable object. The state is ahead of the written records by the commands in the batches.</summary>
/// <param name="send">Sends a message to the journal, on behalf of the object.</param>
/// <param name="clock">The clock for the times of records.</param>
/// <param name="state">The state of the object.</param>
/// <param name="snapshotInterval">The bytes written between two snapshots, at least; null for the default. Tests choose less.</param>
public sealed class ObjectJournal(
    Action<object> send, TimeProvider clock, Func<DurableObjectState> state, long? snapshotInterval = null)
    : RecordJournal<ObjectJournalBatch>(send, clock, snapshotInterval)
{
    private long _lastSnapshot;

    /// <inheritdoc/>
    protected override long SnapshotSize => _lastSnapshot;

    /// <inheritdoc/>
    protected override void ApplyWritten(IWireMessage record)
    {
    }

    /// <summary>
    /// Creates a snapshot of the current state. It becomes valid when all current batches are written, before any later one.
    /// </summary>
    protected override void WriteSnapshot()
    {
        if (state().Spec is null)
            return;
        var snapshot = state().ToSnapshot();
        _lastSnapshot = DurableObjectState.SizeOf(snapshot);
        WhenWritten(() => SendSnapshot(snapshot));
        StartNextBatch();
    }
}
