using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// The store of a durable pool: numbered records, of which each number is accepted once. A record is written first and synced later; a
/// crash of its writer in between loses it.
/// </summary>
internal sealed class SimulatedStore(PoolWorld world)
{
    private readonly SortedDictionary<long, StoredRecord> _records = [];
    private readonly HashSet<JobId> _accepted = [];
    private readonly HashSet<JobId> _begun = [];
    private readonly HashSet<JobId> _ended = [];
    private readonly Dictionary<JobId, int> _losses = [];
    private int _failures;

    public IEnumerable<PoolRecord> Records => _records.Values.Select(record => record.Record);

    public long LastNumber => _records.Count == 0 ? 0 : _records.Keys.Last();

    /// <summary>The pool that wrote the last record. Null before the first.</summary>
    public SimulatedPart? LastWriter => _records.Count == 0 ? null : _records.Values.Last().Writer;

    /// <summary>Whether a synced record accepts the job.</summary>
    public bool HasAccepted(JobId job) => _accepted.Contains(job);

    public bool HasBegun(JobId job) => _begun.Contains(job);

    public bool HasEnded(JobId job) => _ended.Contains(job);

    /// <summary>The number of written attempts of a job that were lost.</summary>
    public int CountLosses(JobId job) => _losses.GetValueOrDefault(job);

    /// <summary>Lets one of the next writes fail.</summary>
    public void FailWrite() => _failures++;

    /// <summary>Writes a record.</summary>
    /// <param name="writer">The pool that writes.</param>
    /// <param name="number">The number of the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="onWritten">Receives whether the record is stored.</param>
    public void Write(SimulatedPart writer, long number, PoolRecord record, Action<bool> onWritten)
    {
        // The request reaches the store, and later its answer the writer.
        world.Schedule(TimeSpan.FromMilliseconds(1 + world.Mix(number + writer.Number, 3)), null, () =>
        {
            if (writer.IsStopped)
                return;
            var isTaken = _records.ContainsKey(number) && world.Bug != PlantedBug.AcceptStaleWriter;
            var isRefused = isTaken || (_failures > 0 && _failures-- > 0);
            if (isRefused)
            {
                world.Schedule(TimeSpan.FromMilliseconds(1), writer, () => onWritten(false));
                return;
            }

            _records[number] = new StoredRecord(record, writer);
            if (world.Bug == PlantedBug.WriteWithoutSync)
                onWritten(true);
            world.Schedule(TimeSpan.FromMilliseconds(2), null, () => Sync(writer, number, record, onWritten));
        });
    }

    /// <summary>The records that were not synced are lost with their writer.</summary>
    public void LoseUnsynced(SimulatedHost host)
    {
        foreach (var record in _records.Where(record => !record.Value.IsSynced && record.Value.Writer.Host == host).ToList())
            _records.Remove(record.Key);
    }

    public void Delete() => _records.Clear();

    private void Sync(SimulatedPart writer, long number, PoolRecord record, Action<bool> onWritten)
    {
        if (!_records.TryGetValue(number, out var stored) || stored.Record != record)
            return;
        stored.IsSynced = true;
        _accepted.UnionWith(record.Accepted.Select(job => job.Id));
        _begun.UnionWith(record.Begun);
        foreach (var loss in record.Lost)
            _losses[loss.Id] = CountLosses(loss.Id) + 1;
        _ended.UnionWith(record.Ended.Select(outcome => outcome.Id));
        if (world.Bug != PlantedBug.WriteWithoutSync)
            world.Schedule(TimeSpan.FromMilliseconds(1), writer, () => onWritten(true));
    }

    private sealed class StoredRecord(PoolRecord record, SimulatedPart writer)
    {
        public PoolRecord Record => record;

        public SimulatedPart Writer => writer;

        public bool IsSynced { get; set; }
    }
}
