using Actors.Messages;
using Akka.Actor;
using Akka.Persistence;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Writes and reads the journal of one durable pool or object. A journal has one writer at a time: records are keyed by their number, so a
/// write of an earlier owner fails as soon as a later owner has written.
/// </summary>
public sealed class JournalActor : UntypedPersistentActor
{
    private const string TakenOver =
        "was opened by another program or coordinator, which owns it now. Without a coordinator, one program at a time can use it.";

    private readonly IActorRef _owner;
    private readonly JournalPlugins _plugins;
    private bool _isDeleting;
    private int _pendingOperations;

    /// <param name="id">The persistence id.</param>
    /// <param name="owner">The actor of the pool or object.</param>
    /// <param name="plugins">The plugins of the store.</param>
    public JournalActor(string id, IActorRef owner, JournalPlugins plugins)
    {
        PersistenceId = id;
        JournalPluginId = plugins.Journal;
        SnapshotPluginId = plugins.Snapshots;
        (_owner, _plugins) = (owner, plugins);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer: _owner.Tell(new JournalProtocol.RecordRead(offer.Snapshot)); break;
            case IWireMessage record: _owner.Tell(new JournalProtocol.RecordRead(record)); break;
            case RecoveryCompleted: _owner.Tell(new JournalProtocol.ReadCompleted()); break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case JournalProtocol.WriteRecord write: Persist(write.Record, _ => _owner.Tell(new JournalProtocol.RecordWritten())); break;
            case JournalProtocol.SaveSnapshot snapshot: SaveState(snapshot.State); break;
            case JournalProtocol.DeleteJournal: _isDeleting = true; break;
            case SaveSnapshotSuccess saved: DeleteReplaced(saved.Metadata.SequenceNr); break;
            case DeleteMessagesSuccess or DeleteSnapshotsSuccess: _pendingOperations--; break;
            case SaveSnapshotFailure failure: ReportNotCompacted("a snapshot", "written", failure.Cause); break;
            case DeleteMessagesFailure failure: ReportNotCompacted("records that a snapshot replaces", "deleted", failure.Cause); break;
            case DeleteSnapshotsFailure failure: ReportNotCompacted("an old snapshot", "deleted", failure.Cause); break;
        }

        // A snapshot that is still being saved would remain after the deletion.
        if (_isDeleting && _pendingOperations == 0)
            DeleteAll();
    }

    /// <summary>Handles messages while the journal is deleted.</summary>
    private void OnDeletion(object message)
    {
        switch (message)
        {
            case DeleteMessagesSuccess: DeleteSnapshots(new SnapshotSelectionCriteria(LastSequenceNr)); break;
            case DeleteSnapshotsSuccess: _owner.Tell(new JournalProtocol.JournalDeleted()); break;
            case DeleteMessagesFailure failure: ReportFailed("deleted", failure.Cause); break;
            case DeleteSnapshotsFailure failure: ReportFailed("deleted", failure.Cause); break;
        }
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) => ReportFailed("read", reason);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => ReportFailed("written", cause);

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        ReportFailed("written", cause);
        Context.Stop(Self);
    }

    private void SaveState(IWireMessage state)
    {
        SaveSnapshot(state);
        _pendingOperations++;
    }

    /// <summary>Deletes the records and snapshots that the last snapshot replaces.</summary>
    private void DeleteReplaced(long number)
    {
        DeleteMessages(number);
        DeleteSnapshots(new SnapshotSelectionCriteria(number - 1));
        // Two deletions replace one snapshot in the count.
        _pendingOperations++;
    }

    private void DeleteAll()
    {
        Become(OnDeletion);
        DeleteMessages(LastSequenceNr);
    }

    /// <summary>Reports a failed snapshot or deletion. The journal grows until the next one succeeds.</summary>
    private void ReportNotCompacted(string subject, string verb, Exception cause)
    {
        _pendingOperations--;
        _owner.Tell(
            new JournalProtocol.CompactionFailed(
                $"{subject} could not be {verb}, so the store grows until the next snapshot: {cause.GetBaseException().Message}"));
    }

    private void ReportFailed(string verb, Exception cause)
    {
        var reason = cause.GetBaseException();
        var isOwnedElsewhere = _plugins.IsDuplicateRecord(reason);
        _owner.Tell(
            new JournalProtocol.JournalFailed(isOwnedElsewhere ? TakenOver : $"could not be {verb}: {reason.Message}", isOwnedElsewhere));
    }
}
