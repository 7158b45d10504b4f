using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>
/// The written side of a durable pool or object: one record under way at a time; what is noted meanwhile goes together in the next. So the size of a record
/// follows the load by itself.
/// </summary>
/// <typeparam name="TNotes">What makes a record.</typeparam>
/// <param name="journal">Writes.</param>
/// <param name="owner">Whose it is.</param>
/// <param name="clock">Tells when a record is made.</param>
internal abstract class RecordJournal<TNotes>(IActorRef journal, IActorRef owner, TimeProvider clock)
    where TNotes : JournalBatch, new()
{
    /// <summary>A record is not much larger than this, or than its largest part.</summary>
    private const int MaxBatchSize = 4 << 20;

    /// <summary>What is written between two snapshots, at least; and at least twice what a snapshot itself takes, so that it costs less than what it replaces.</summary>
    private const long SnapshotInterval = 32L << 20;

    private TNotes? _batchInFlight;
    private IWireMessage? _recordInFlight;
    private long _sinceSnapshot;

    /// <summary>Where to note what happens next.</summary>
    public TNotes NextBatch => WaitingBatches.Last is { Value: { Size: < MaxBatchSize } notes } ? notes : WaitingBatches.AddLast(new TNotes()).Value;

    /// <summary>What has been noted and is not under way.</summary>
    protected LinkedList<TNotes> WaitingBatches { get; } = [];

    /// <summary>What is being written; null for nothing.</summary>
    protected IWireMessage? RecordInFlight => _recordInFlight;

    /// <summary>About how large a snapshot is, in bytes.</summary>
    protected abstract long SnapshotSize { get; }

    /// <summary>When all that has been noted so far is written, or now if it is.</summary>
    public void WhenWritten(Action action)
    {
        if ((WaitingBatches.Last?.Value ?? _batchInFlight) is { } last)
            last.AddContinuation(action);
        else
            action();
    }

    /// <summary>What is noted from now on goes into another record than what was noted before.</summary>
    protected void StartNextBatch()
    {
        if (WaitingBatches.Count > 0)
            WaitingBatches.AddLast(new TNotes());
    }

    /// <summary>Writes what there is, if nothing is being written.</summary>
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
            journal.Tell(new JournalProtocol.WriteRecord(_recordInFlight), owner);
        }
    }

    /// <summary>Nothing of it is needed any more.</summary>
    public void DeleteJournal() => journal.Tell(new JournalProtocol.DeleteJournal(), owner);

    /// <summary>What was under way is written.</summary>
    public void OnWritten()
    {
        var (written, record) = (_batchInFlight!, _recordInFlight!);
        (_batchInFlight, _recordInFlight) = (null, null);
        ApplyWritten(record);
        if (_sinceSnapshot > Math.Max(SnapshotInterval, 2 * SnapshotSize))
        {
            _sinceSnapshot = 0;
            WriteSnapshot();
        }

        written.RunContinuations();
        WriteNext();
    }

    /// <summary>A record is written, and nothing after it.</summary>
    protected abstract void ApplyWritten(IWireMessage record);

    /// <summary>Sees to it that there is a snapshot soon.</summary>
    protected abstract void WriteSnapshot();

    /// <summary>All that was written up to now, and nothing that was not.</summary>
    protected void SendSnapshot(IWireMessage snapshot) => journal.Tell(new JournalProtocol.SaveSnapshot(snapshot), owner);
}
