using Actors.Coordinator.Journals;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The written side of a durable pool: one record under way at a time; what is noted meanwhile goes together in the next. So the size of a record follows the
/// load by itself.
/// </summary>
/// <param name="journal">Writes.</param>
/// <param name="owner">The pool's actor.</param>
/// <param name="clock">Tells when a record is made.</param>
internal sealed class PoolJournal(IActorRef journal, IActorRef owner, TimeProvider clock)
{
    /// <summary>A record is not much larger than this, or than its largest part.</summary>
    private const int LargestRecord = 4 << 20;

    /// <summary>What is written between two snapshots, at least; and at least twice what a snapshot itself takes, so that it costs less than what it replaces.</summary>
    private const long SnapshotEvery = 32L << 20;

    private readonly LinkedList<PoolNotes> _waiting = [];
    private PoolNotes? _underWay;
    private PoolRecord? _record;
    private long _sinceSnapshot;

    /// <summary>How many ends of jobs nobody has been told of, for they are not written.</summary>
    public int UnwrittenCompletions => (_record?.Ended.Length ?? 0) + _waiting.Sum(notes => notes.Completions);

    /// <summary>What was written, as far as it is known to be.</summary>
    public PoolLedger Ledger { get; } = new();

    /// <summary>Where to note what happens next.</summary>
    public PoolNotes Next => _waiting.Last is { Value: { Size: < LargestRecord } notes } ? notes : _waiting.AddLast(new PoolNotes()).Value;

    /// <summary>When all that has been noted so far is written, or now if it is.</summary>
    public void WhenWritten(Action action)
    {
        if ((_waiting.Last?.Value ?? _underWay) is { } last)
            last.Afterwards(action);
        else
            action();
    }

    /// <summary>Writes what there is, if nothing is being written.</summary>
    public void Flush()
    {
        while (_underWay is null && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
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
        var written = _underWay!;
        Ledger.Apply(_record!);
        (_underWay, _record) = (null, null);
        if (_sinceSnapshot > Math.Max(SnapshotEvery, 2 * Ledger.Size))
        {
            _sinceSnapshot = 0;
            journal.Tell(new JournalProtocol.Snapshot(Ledger.ToSnapshot()), owner);
        }

        written.Release();
        Flush();
    }
}
