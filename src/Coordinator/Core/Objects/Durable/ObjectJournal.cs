using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>What a durable object is told next, and who waits for it to be written.</summary>
internal sealed class ObjectJournalBatch : JournalBatch
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

/// <summary>The written side of a durable object, whose state is ahead of what is written by what is noted.</summary>
/// <param name="journal">Writes.</param>
/// <param name="owner">The object's actor.</param>
/// <param name="clock">Tells when a record is made.</param>
/// <param name="state">The state.</param>
internal sealed class ObjectJournal(IActorRef journal, IActorRef owner, TimeProvider clock, Func<DurableObjectState> state)
    : RecordJournal<ObjectJournalBatch>(journal, owner, clock)
{
    private long _lastSnapshot;

    /// <inheritdoc/>
    protected override long SnapshotSize => _lastSnapshot;

    /// <inheritdoc/>
    protected override void ApplyWritten(IWireMessage record)
    {
    }

    /// <summary>It is of now, and true when all that has been noted by now is written, and nothing that is noted later.</summary>
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
