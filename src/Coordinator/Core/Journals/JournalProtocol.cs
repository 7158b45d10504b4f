using Actors.Messages;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Messages between a durable pool or object, the owner, and its <see cref="JournalActor"/>. The journal is read first. Then one write at a
/// time is in flight.
/// </summary>
public static class JournalProtocol
{
    /// <summary>To the owner: a record or snapshot, in order. A snapshot replaces all records before it.</summary>
    public sealed record RecordRead(object Record);

    /// <summary>To the owner: the journal has been read.</summary>
    public sealed record ReadCompleted;

    /// <summary>To the journal: writes a record. Answered by <see cref="RecordWritten"/> or <see cref="JournalFailed"/>.</summary>
    public sealed record WriteRecord(IWireMessage Record);

    /// <summary>To the owner: the record is on disk.</summary>
    public sealed record RecordWritten;

    /// <summary>To the journal: saves a snapshot that replaces all written records.</summary>
    public sealed record SaveSnapshot(IWireMessage State);

    /// <summary>
    /// To the owner: a snapshot could not be saved, or the records that it replaces could not be deleted. The next snapshot is tried as
    /// well.
    /// </summary>
    /// <param name="Reason">The reason, which follows the name of the owner and a colon.</param>
    public sealed record CompactionFailed(string Reason);

    /// <summary>To the journal: deletes everything. Answered by <see cref="JournalDeleted"/>.</summary>
    public sealed record DeleteJournal;

    /// <summary>To the owner, the last message: everything is deleted.</summary>
    public sealed record JournalDeleted;

    /// <summary>To the owner, the last message: the journal cannot be read or written here.</summary>
    /// <param name="Reason">The reason, which follows the name of the owner.</param>
    /// <param name="IsOwnedElsewhere">Whether another owner has written the journal. Otherwise the store has failed.</param>
    public sealed record JournalFailed(string Reason, bool IsOwnedElsewhere = false);
}
