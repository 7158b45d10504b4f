using Actors.Messages;

namespace Actors.Coordinator.Journals;

/// <summary>A durable pool or object, and the actor that writes for it. First all is read, then one write at a time is under way.</summary>
internal static class JournalProtocol
{
    /// <summary>To the owner: what was written once, the first first; a snapshot stands for all before it.</summary>
    public sealed record RecordRead(object Record);

    /// <summary>To the owner: all has been read.</summary>
    public sealed record ReadCompleted;

    /// <summary>To the journal: write this. Answered by <see cref="RecordWritten"/>, or the last word is <see cref="JournalFailed"/>.</summary>
    public sealed record WriteRecord(IWireMessage Record);

    /// <summary>To the owner: it is on the disk, and will be read.</summary>
    public sealed record RecordWritten;

    /// <summary>To the journal: this stands for all that was written, which need not be kept any longer.</summary>
    public sealed record SaveSnapshot(IWireMessage State);

    /// <summary>To the owner: what a snapshot stands for is still there. The next one is tried as well.</summary>
    /// <param name="Reason">Why; stands after the owner's name and a colon.</param>
    public sealed record CompactionFailed(string Reason);

    /// <summary>To the journal: nothing of it is needed any more. Answered by <see cref="JournalDeleted"/>.</summary>
    public sealed record DeleteJournal;

    /// <summary>To the owner, the last word: nothing of it is there any more.</summary>
    public sealed record JournalDeleted;

    /// <summary>To the owner, the last word: nothing more can be read or written here.</summary>
    /// <param name="Reason">Why; begins after the owner's name.</param>
    public sealed record JournalFailed(string Reason);
}
