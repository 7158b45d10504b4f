using Actors.Messages;
using Akka.Actor;
using Akka.Persistence;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Writes down what one durable pool or object must not forget, and reads it again when it starts. Two writers of one journal cannot be: the key of what is
/// written is its number, so that the write of whoever came first fails as soon as another has written.
/// </summary>
internal sealed class JournalActor : UntypedPersistentActor
{
    private readonly IActorRef _owner;
    private bool _isOver;
    private int _underWay;

    /// <param name="id">Names what is written, for as long as the store is there.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="plugins">Where it is written.</param>
    public JournalActor(string id, IActorRef owner, JournalPlugins plugins)
    {
        PersistenceId = id;
        JournalPluginId = plugins.Journal;
        SnapshotPluginId = plugins.Snapshots;
        _owner = owner;
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer: _owner.Tell(new JournalProtocol.Read(offer.Snapshot)); break;
            case IWireMessage record: _owner.Tell(new JournalProtocol.Read(record)); break;
            case RecoveryCompleted: _owner.Tell(new JournalProtocol.Recovered()); break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case JournalProtocol.Write write: Persist(write.Record, _ => _owner.Tell(new JournalProtocol.Written())); break;
            case JournalProtocol.Snapshot snapshot: Save(snapshot.State); break;
            case JournalProtocol.Delete: _isOver = true; break;
            case SaveSnapshotSuccess saved: DeleteBefore(saved.Metadata.SequenceNr); break;
            case DeleteMessagesSuccess or DeleteSnapshotsSuccess: _underWay--; break;
            case SaveSnapshotFailure failure: GoOn("a snapshot", "written", failure.Cause); break;
            case DeleteMessagesFailure failure: GoOn("what a snapshot stands for", "deleted", failure.Cause); break;
            case DeleteSnapshotsFailure failure: GoOn("an old snapshot", "deleted", failure.Cause); break;
        }

        // Not before: what is being saved would be there afterwards.
        if (_isOver && _underWay == 0)
            Delete();
    }

    /// <summary>All that is left to do is to delete.</summary>
    private void OnDeletion(object message)
    {
        switch (message)
        {
            case DeleteMessagesSuccess: DeleteSnapshots(new SnapshotSelectionCriteria(LastSequenceNr)); break;
            case DeleteSnapshotsSuccess: _owner.Tell(new JournalProtocol.Deleted()); break;
            case DeleteMessagesFailure failure: Fail("deleted", failure.Cause); break;
            case DeleteSnapshotsFailure failure: Fail("deleted", failure.Cause); break;
        }
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Fail("read", reason);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail("written", cause);

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Fail("written", cause);
        Context.Stop(Self);
    }

    private void Save(IWireMessage state)
    {
        SaveSnapshot(state);
        _underWay++;
    }

    /// <summary>What a snapshot stands for.</summary>
    private void DeleteBefore(long number)
    {
        DeleteMessages(number);
        DeleteSnapshots(new SnapshotSelectionCriteria(number - 1));
        // These two, and no longer the snapshot.
        _underWay++;
    }

    private void Delete()
    {
        Become(OnDeletion);
        DeleteMessages(LastSequenceNr);
    }

    /// <summary>The journal only grows until the next snapshot.</summary>
    private void GoOn(string what, string verb, Exception cause)
    {
        _underWay--;
        _owner.Tell(new JournalProtocol.Grows($"{what} could not be {verb}, so the store grows: {cause.GetBaseException().Message}"));
    }

    private void Fail(string verb, Exception cause) =>
        _owner.Tell(new JournalProtocol.Failed($"could not be {verb}: {cause.GetBaseException().Message}"));
}
