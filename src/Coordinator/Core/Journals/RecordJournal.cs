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
    where TNotes : JournalNotes, new()
{
    /// <summary>A record is not much larger than this, or than its largest part.</summary>
    private const int LargestRecord = 4 << 20;

    /// <summary>What is written between two snapshots, at least; and at least twice what a snapshot itself takes, so that it costs less than what it replaces.</summary>
    private const long SnapshotEvery = 32L << 20;

    private TNotes? _underWay;
    private IWireMessage? _record;
    private long _sinceSnapshot;

    /// <summary>Where to note what happens next.</summary>
    public TNotes Next => Waiting.Last is { Value: { Size: < LargestRecord } notes } ? notes : Waiting.AddLast(new TNotes()).Value;

    /// <summary>What has been noted and is not under way.</summary>
    protected LinkedList<TNotes> Waiting { get; } = [];

    /// <summary>What is being written; null for nothing.</summary>
    protected IWireMessage? UnderWay => _record;

    /// <summary>About how large a snapshot is, in bytes.</summary>
    protected abstract long SnapshotSize { get; }

    /// <summary>When all that has been noted so far is written, or now if it is.</summary>
    public void WhenWritten(Action action)
    {
        if ((Waiting.Last?.Value ?? _underWay) is { } last)
            last.Afterwards(action);
        else
            action();
    }

    /// <summary>What is noted from now on goes into another record than what was noted before.</summary>
    protected void Seal()
    {
        if (Waiting.Count > 0)
            Waiting.AddLast(new TNotes());
    }

    /// <summary>Writes what there is, if nothing is being written.</summary>
    public void Flush()
    {
        while (_underWay is null && Waiting.First is { } first)
        {
            Waiting.RemoveFirst();
            if (!first.Value.HasAny)
            {
                first.Value.Release();
                continue;
            }

            _underWay = first.Value;
            _record = first.Value.ToRecord(clock.GetUtcNow().ToUnixTimeMilliseconds());
            _sinceSnapshot += first.Value.Size;
            journal.Tell(new JournalProtocol.Write(_record), owner);
        }
    }

    /// <summary>Nothing of it is needed any more.</summary>
    public void Delete() => journal.Tell(new JournalProtocol.Delete(), owner);

    /// <summary>What was under way is written.</summary>
    public void Written()
    {
        var (written, record) = (_underWay!, _record!);
        (_underWay, _record) = (null, null);
        Take(record);
        if (_sinceSnapshot > Math.Max(SnapshotEvery, 2 * SnapshotSize))
        {
            _sinceSnapshot = 0;
            WriteSnapshot();
        }

        written.Release();
        Flush();
    }

    /// <summary>A record is written, and nothing after it.</summary>
    protected abstract void Take(IWireMessage record);

    /// <summary>Sees to it that there is a snapshot soon.</summary>
    protected abstract void WriteSnapshot();

    /// <summary>All that was written up to now, and nothing that was not.</summary>
    protected void Keep(IWireMessage snapshot) => journal.Tell(new JournalProtocol.Snapshot(snapshot), owner);
}
