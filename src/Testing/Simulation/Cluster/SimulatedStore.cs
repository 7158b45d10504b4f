using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>
/// The store of the durable pools of a simulated cluster. It survives restarts of the coordinator. A record is stored first and confirmed
/// later: a coordinator that ends in between does not know that it is stored.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="random">Chooses the times of writes, and those that fail.</param>
internal sealed class SimulatedStore(VirtualClock clock, Random random)
{
    private const double LongestStep = 2;

    private readonly Dictionary<PoolId, List<IWireMessage>> _journals = [];
    private readonly Dictionary<PoolId, HashSet<JobId>> _unfinished = [];
    private readonly List<StoreFault> _faults = [];

    /// <summary>The pools that have records.</summary>
    public IReadOnlyList<PoolId> Pools => [.. _journals.Keys];

    /// <summary>The number of outcomes of jobs that were not accepted or had ended. Must be 0.</summary>
    public int BrokenPromises { get; private set; }

    /// <summary>Reads the records of a pool, in order.</summary>
    public IReadOnlyList<IWireMessage> ReadRecords(PoolId pool) => _journals.GetValueOrDefault(pool) ?? [];

    /// <summary>Makes writes fail for a time.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="hadEffect">Called for each write that fails.</param>
    public void AddFault(Fault fault, Action hadEffect) => _faults.Add(new StoreFault(fault, clock.Elapsed + fault.Length, hadEffect));

    /// <summary>Writes a record.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="record">The record.</param>
    /// <param name="writer">The pool at its coordinator. Nothing happens after its end.</param>
    public void WriteRecord(PoolId pool, IWireMessage record, SimulatedDurablePool writer) => RunLater(writer, () =>
    {
        if (FindFailure() is { } failure)
        {
            Answer(writer, new JournalProtocol.JournalFailed($"could not be written: {failure}"));
            return;
        }

        AddRecord(pool, record);
        Answer(writer, new JournalProtocol.RecordWritten());
    });

    /// <summary>Adds a record at once.</summary>
    public void AddRecord(PoolId pool, IWireMessage record)
    {
        if (!_journals.TryGetValue(pool, out var records))
            (_journals[pool], _unfinished[pool]) = (records = [], []);
        records.Add(record);
        if (record is not PoolRecord changes)
            return;
        _unfinished[pool].UnionWith(changes.Accepted.Select(job => job.Id));
        BrokenPromises += changes.Ended.Count(outcome => !_unfinished[pool].Remove(outcome.Id));
        if (!changes.Retried.IsDefault)
            _unfinished[pool].UnionWith(changes.Retried);
    }

    /// <summary>Replaces the records of a pool by a snapshot.</summary>
    public void SaveSnapshot(PoolId pool, IWireMessage snapshot) => _journals[pool] = [snapshot];

    /// <summary>Deletes the records of a pool.</summary>
    public void DeleteJournal(PoolId pool, SimulatedDurablePool writer) => RunLater(writer, () =>
    {
        _journals.Remove(pool);
        _unfinished.Remove(pool);
        Answer(writer, new JournalProtocol.JournalDeleted());
    });

    private void Answer(SimulatedDurablePool writer, object answer) => RunLater(writer, () => writer.ReceiveFromJournal(answer));

    private void RunLater(SimulatedDurablePool writer, Action step) =>
        clock.StartBackgroundTimer(TimeSpan.FromMilliseconds(random.NextDouble() * LongestStep), () =>
        {
            if (!writer.IsStopped)
                step();
        });

    private string? FindFailure()
    {
        _faults.RemoveAll(fault => clock.Elapsed >= fault.Until);
        var failed = _faults.Find(static fault => fault.Fault.Kind == FaultKind.FillDisk)
            ?? _faults.Find(fault => random.NextDouble() < fault.Fault.Probability);
        failed?.HadEffect();
        return failed?.Fault.Kind switch
        {
            null => null,
            FaultKind.FillDisk => "The disk is full.",
            _ => "An injected fault.",
        };
    }

    private sealed record StoreFault(Fault Fault, TimeSpan Until, Action HadEffect);
}
