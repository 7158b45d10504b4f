namespace Actors.Pools;

/// <content>Whether the outcome is observed, and received by the code that waits for it.</content>
internal abstract partial class PendingJob
{
    private int _marks;

    /// <summary>Marks the outcome as observed.</summary>
    public void MarkSeen()
    {
        if ((Volatile.Read(ref _marks) & Marks.Seen) == 0 && (AddMark(Marks.Seen) & (Marks.Seen | Marks.Failed)) == Marks.Failed)
            _extras!.Watch!.MarkSeen();
    }

    /// <summary>Records the failure as unobserved until <see cref="MarkSeen"/>, if this job records that.</summary>
    public virtual void NoteFailure(UnseenFailures failures, Exception error)
    {
    }

    /// <summary>Whether its pool retains the outcome until the awaiting code has received it.</summary>
    public bool IsReceiptTracked { get; set; }

    /// <summary>Whether code waits for the outcome, so that it is received when the job ends.</summary>
    public bool IsRequested => (Volatile.Read(ref _marks) & Marks.Requested) != 0;

    /// <summary>Records that code waits for the outcome, or receives it if the job has ended.</summary>
    public void MarkRequested()
    {
        if (!IsReceiptTracked || IsAcknowledgedExplicitly || IsRequested)
            return;
        if ((AddMark(Marks.Requested) & Marks.Ended) != 0)
            ConfirmReceipt();
    }

    /// <summary>Records that the outcome is visible.</summary>
    /// <returns>Whether code has requested it before, and so receives it.</returns>
    public bool MarkEnded() => (AddMark(Marks.Ended) & Marks.Requested) != 0;

    /// <summary>Confirms to the pool that the awaiting code has received the outcome, if the pool retains it until then.</summary>
    public virtual void ConfirmReceipt()
    {
        if (IsReceiptTracked)
            Control!.OnReceived(this);
    }

    /// <summary>Records the failure as unobserved, unless the outcome was observed before.</summary>
    protected void MarkFailed(UnseenFailures failures, Exception error)
    {
        if ((Volatile.Read(ref _marks) & Marks.Seen) != 0)
            return;
        var watch = GetExtras().Watch = failures.AddFailure(Call, error);
        // Another handle can observe an outcome that the pool retains.
        if (IsReceiptTracked)
            watch.Dispose();
        if ((AddMark(Marks.Failed) & Marks.Seen) != 0)
            watch.MarkSeen();
    }

    private int AddMark(int mark) => Interlocked.Or(ref _marks, mark);

    /// <summary>Facts that different threads record, each once.</summary>
    private static class Marks
    {
        public const int Requested = 1;
        public const int Ended = 2;
        public const int Seen = 4;
        public const int Failed = 8;
    }
}
