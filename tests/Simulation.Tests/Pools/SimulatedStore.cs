using Actors.Messages;
using Actors.Messages.Jobs;
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
    private readonly Dictionary<JobId, JobStatus> _ended = [];
    private readonly Dictionary<JobId, long> _endedAt = [];
    private readonly HashSet<JobId> _canceled = [];
    private readonly HashSet<JobId> _retried = [];
    private readonly HashSet<JobId> _forgotten = [];
    private readonly Dictionary<JobId, int> _losses = [];
    private readonly Dictionary<string, JobId> _keys = [];
    private int _failures;
    private StoredSnapshot? _snapshot;
    private long _deletedTo;

    public long LastNumber => _records.Count == 0 ? LastReplaced : _records.Keys.Last();

    /// <summary>The number of the last record that was deleted, or that a snapshot replaces.</summary>
    private long LastReplaced => Math.Max(_deletedTo, _snapshot?.Number ?? 0);

    /// <summary>The pool that wrote the last record. Null before the first.</summary>
    public SimulatedPart? LastWriter => _records.Count == 0 ? _snapshot?.Writer : _records.Values.Last().Writer;

    /// <summary>Whether a synced record accepts the job.</summary>
    public bool HasAccepted(JobId job) => _accepted.Contains(job);

    public bool HasBegun(JobId job) => _begun.Contains(job);

    public bool HasEnded(JobId job) => _ended.ContainsKey(job);

    /// <summary>When a job ended, in milliseconds; null before.</summary>
    public long? FindEnd(JobId job) => _ended.ContainsKey(job) ? _endedAt[job] : null;

    /// <summary>Whether the cancellation of a job by a tool is written.</summary>
    public bool HasCanceled(JobId job) => _canceled.Contains(job);

    /// <summary>Whether a job with the key was accepted.</summary>
    public bool HasKey(string key) => _keys.ContainsKey(key);

    /// <summary>Whether a job that had failed was made a pending one again.</summary>
    public bool HasRetried(JobId job) => _retried.Contains(job);

    /// <summary>The jobs whose outcome is retained.</summary>
    public IEnumerable<JobId> Retained => _ended.Keys.Where(job => !_forgotten.Contains(job));

    public bool HasForgotten(JobId job) => _forgotten.Contains(job);

    /// <summary>The accepted jobs without an outcome.</summary>
    public IEnumerable<JobId> Pending => _accepted.Where(job => !_ended.ContainsKey(job));

    /// <summary>Whether an outcome is retained.</summary>
    public bool HasRetained => Retained.Any();

    /// <summary>Whether a synced record closes the pool.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether nothing is stored.</summary>
    public bool IsEmpty => _records.Count == 0 && _snapshot is null;

    /// <summary>The number of written attempts of a job that were lost.</summary>
    public int CountLosses(JobId job) => _losses.GetValueOrDefault(job);

    /// <summary>Reads the snapshot, and the records after it.</summary>
    public IEnumerable<object> ReadAll()
    {
        if (_snapshot is { } snapshot)
            yield return snapshot.State;
        foreach (var (number, stored) in _records)
        {
            if (number > (_snapshot?.Number ?? 0))
                yield return stored.Record;
        }
    }

    /// <summary>Saves a snapshot of the state after a record. The records that it replaces are deleted later.</summary>
    public void SaveSnapshot(SimulatedPart writer, long number, PoolSnapshot state) =>
        world.Schedule(TimeSpan.FromMilliseconds(2), null, () =>
        {
            if (writer.IsStopped || number <= LastReplaced)
                return;
            _snapshot = new StoredSnapshot(number, state, writer);
            world.Schedule(TimeSpan.FromMilliseconds(2), writer, () => DeleteRecords(number));
        });

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
            var isTaken = (number <= LastReplaced || _records.ContainsKey(number))
                && world.Bug != PlantedBug.AcceptStaleWriter;
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

    /// <summary>Deletes the records up to a number.</summary>
    public void Delete(SimulatedPart writer, long number, Action onDeleted) => world.Schedule(TimeSpan.FromMilliseconds(3), null, () =>
    {
        if (writer.IsStopped)
            return;
        _deletedTo = Math.Max(_deletedTo, number);
        DeleteRecords(number);
        if (_snapshot?.Number <= number)
            _snapshot = null;
        IsClosed &= !IsEmpty;
        world.OnDeleted();
        world.Schedule(TimeSpan.FromMilliseconds(1), writer, onDeleted);
    });

    private void DeleteRecords(long number)
    {
        foreach (var deleted in _records.Keys.TakeWhile(key => key <= number).ToList())
            _records.Remove(deleted);
    }

    private void Sync(SimulatedPart writer, long number, PoolRecord record, Action<bool> onWritten)
    {
        if (!_records.TryGetValue(number, out var stored) || stored.Record != record)
            return;
        stored.IsSynced = true;
        IsClosed |= record.IsClosed;
        // A key of a forgotten job may be used again in the same record.
        _forgotten.UnionWith(record.Forgotten.Where(job => !RunsAgain(job, record)));
        foreach (var job in record.Accepted)
            AddAccepted(job.Id);
        _begun.UnionWith(record.Begun);
        foreach (var loss in record.Lost)
            _losses[loss.Id] = CountLosses(loss.Id) + 1;
        foreach (var outcome in record.Ended)
        {
            world.Require(
                _ended.TryAdd(outcome.Id, outcome.Status), Invariant.OneOutcome, $"Two outcomes of job {outcome.Id} were written.");
            _endedAt[outcome.Id] = record.At;
        }

        _canceled.UnionWith(record.Canceled.IsDefault ? [] : record.Canceled);
        foreach (var job in record.Retried.IsDefault ? [] : record.Retried.Where(job => !_forgotten.Contains(job)))
            RetryJob(job);
        if (world.Bug != PlantedBug.WriteWithoutSync)
            world.Schedule(TimeSpan.FromMilliseconds(1), writer, () => onWritten(true));
    }

    /// <summary>Whether a job runs again, so that a client has acknowledged its earlier outcome.</summary>
    private bool RunsAgain(JobId job, PoolRecord record) =>
        _retried.Contains(job) && !_ended.ContainsKey(job) && record.Ended.All(outcome => outcome.Id != job);

    /// <summary>A failed job is pending again, as if it had never run.</summary>
    private void RetryJob(JobId job)
    {
        _retried.Add(job);
        if (!_ended.Remove(job, out var status))
            return;
        world.Require(status != JobStatus.Succeeded, Invariant.Managed, $"Job {job} has succeeded, and runs again.");
        _begun.Remove(job);
        _losses.Remove(job);
        _canceled.Remove(job);
    }

    /// <summary>A key names one job until the outcome of the job is forgotten.</summary>
    private void AddAccepted(JobId job)
    {
        _accepted.Add(job);
        if (world.FindJob(job).Policy.Key is not { } key)
            return;
        world.Require(
            !_keys.TryGetValue(key, out var other) || other == job || _forgotten.Contains(other),
            Invariant.OneKey, $"The key '{key}' names the jobs {other} and {job}.");
        _keys[key] = job;
    }

    private sealed record StoredSnapshot(long Number, PoolSnapshot State, SimulatedPart Writer);

    private sealed class StoredRecord(PoolRecord record, SimulatedPart writer)
    {
        public PoolRecord Record => record;

        public SimulatedPart Writer => writer;

        public bool IsSynced { get; set; }
    }
}
