using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using CsCheck;
using MemoryPack;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>A durable pool has the same state whether it reads every record, or a snapshot and the records after it.</summary>
public class PoolLedgerTests
{
    private const int Jobs = 12;

    private static readonly PoolSpec Spec = PoolSchedule.Spec() with { IsDurable = true };

    private static readonly Gen<JobId> Id = Gen.Long[1, Jobs].Select(id => new JobId(id));

    private static readonly Gen<PoolRecord> Record =
        from at in Gen.Long[0, 1000]
        from begun in Id.Array[0, 3]
        from lost in Id.Array[0, 3]
        from ended in Id.Array[0, 3]
        from forgotten in Id.Array[0, 3]
        from accepted in Gen.Int[0, 3]
        select new PoolRecord(
            at, null, [.. Enumerable.Repeat(Job(new JobId(accepted)), accepted)], [.. begun], [.. lost.Select(Loss)],
                [.. ended.Select(Outcome)], [.. forgotten], false);

    [Fact]
    public void RestoreSnapshot_AtAnyPoint_IsEqual() => Gen.Select(Record.Array[0, 30], Gen.Int[0, 30]).Sample((records, at) =>
    {
        var (all, after) = (new PoolLedger(), new PoolLedger());
        var numbered = Number(records);
        foreach (var record in numbered)
            all.ApplyRecord(record);
        var before = new PoolLedger();
        foreach (var record in numbered.Take(at + 1))
            before.ApplyRecord(record);
        after.RestoreSnapshot(MemoryPackSerializer.Deserialize<PoolSnapshot>(MemoryPackSerializer.Serialize(before.ToSnapshot()))!);
        foreach (var record in numbered.Skip(at + 1))
            after.ApplyRecord(record);
        Assert.Equal(Describe(all), Describe(after));
        Assert.Equal(all.Size, after.Size);
    });

    [Fact]
    public void ApplyRecord_AnyRecords_KeepsEachJobInOneState() => Record.Array[0, 30].Sample(records =>
    {
        var ledger = new PoolLedger();
        var (pending, kept) = (new HashSet<long>(), new HashSet<long>());
        foreach (var record in Number(records))
        {
            ledger.ApplyRecord(record);
            pending.UnionWith(record.Accepted.Select(job => job.Id.Value));
            foreach (var ended in record.Ended.Where(outcome => pending.Remove(outcome.Id.Value)))
                kept.Add(ended.Id.Value);
            kept.ExceptWith(record.Forgotten.Select(id => id.Value));
        }

        Assert.Equal(pending.Order(), ledger.Pending.Select(entry => entry.Job.Id.Value));
        Assert.Equal(kept.Order(), Enumerable.Range(1, 200).Where(id => ledger.TryGetOutcome(new JobId(id), out _)).Select(id => (long)id));
        Assert.Equal((pending.Count, kept.Count), (ledger.PendingCount, ledger.RetainedCount));
    });

    [Fact]
    public void GetRetainedSince_ReturnsOldOutcomes()
    {
        var ledger = new PoolLedger();
        ledger.ApplyRecord(Empty(10) with
        {
            Opened = Spec,
            Accepted = [Job(new JobId(1)), Job(new JobId(2))],
            Ended = [Outcome(new JobId(1))]
        });
        ledger.ApplyRecord(Empty(20) with { Ended = [Outcome(new JobId(2))] });

        Assert.Equal([new JobId(1)], ledger.GetRetainedSince(19).ToArray());
        Assert.Empty(ledger.GetRetainedSince(9));
    }

    private static PoolRecord Empty(long at) => new(at, null, [], [], [], [], [], false);

    /// <summary>Numbers the jobs in the order of acceptance.</summary>
    private static List<PoolRecord> Number(PoolRecord[] records)
    {
        var last = 0L;
        var numbered = records.Select(record => record with { Accepted = [.. record.Accepted.Select(_ => Job(new JobId(++last)))] })
            .ToList();
        numbered.Insert(0, Empty(0) with { Opened = Spec });
        return numbered;
    }

    private static JobSpec Job(JobId id) =>
        new(id, new FunctionRef($"F{id.Value % 3}", new byte[] { (byte)(id.Value % 3) }), new byte[] { (byte)id.Value },
        new JobPolicy(0, 2, 0, id.Value % 2 == 0 ? $"k{id}" : null));

    private static JobLoss Loss(JobId id) => new(id, new AttemptLoss("node", 7, -9, "was killed"));

    private static JobOutcome Outcome(JobId id) => new(id, JobStatus.Succeeded, new byte[] { (byte)id.Value, 1 }, null, 1);

    private static string Describe(PoolLedger ledger) => string.Join(
        "; ",
        ledger.Pending.Select(entry => $"{entry.Job.Id} {entry.Job.Function.Name} {Convert.ToHexString(entry.Job.Arguments.Span)} "
            + $"{entry.Losses.Count} {entry.MayHaveBegun}")
            .Concat(ledger.GetRetainedSince(long.MaxValue).Select(id => id.Value).Order()
                .Select(id => $"kept {id} {ledger.GetRetainedSince(500).Contains(new JobId(id))}"))
            .Concat(ledger.Keys.All.Select(key => $"{key.Key} {key.Id}").Order(StringComparer.Ordinal))
            .Append($"last {ledger.LastJob}"));
}
