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

    private static readonly PoolSpec Spec = PoolSchedule.Spec() with
    {
        IsDurable = true,
        ResultRetentionMilliseconds = 1000,
    };

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
        var numbered = Number(records).Select((record, index) => ToSessions(record, index)).ToList();
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

    /// <summary>The range of a session is never assigned again, also when nothing of the session is left.</summary>
    [Fact]
    public void NextRange_SessionsEnded_IsGreaterThanAllRanges()
    {
        var ledger = new PoolLedger();
        ledger.ApplyRecord(Empty(0) with { Opened = Spec, Sessions = [Session(4)], Accepted = [Job(ToSession(new JobId(4)))] });
        ledger.ApplyRecord(Empty(1) with { EndedSessions = [4] });
        Assert.Equal(1, Assert.Single(ledger.Sessions.All).Pending);

        ledger.ApplyRecord(Empty(2) with { Ended = [Outcome(ToSession(new JobId(4)))] });

        Assert.Empty(ledger.Sessions.All);
        Assert.Equal(5, ledger.Sessions.NextRange);
        var copy = new PoolLedger();
        copy.RestoreSnapshot(ledger.ToSnapshot());
        Assert.Equal(5, copy.Sessions.NextRange);
    }

    [Fact]
    public void Retry_FailedJob_IsPendingWithItsKeyAndCode()
    {
        var ledger = new PoolLedger();
        var (succeeded, failed) = (new JobId(2), new JobId(5));
        ledger.ApplyRecord(Empty(0) with { Opened = Spec, Sessions = [Session(0)], Accepted = [Job(succeeded), Job(failed)] });
        ledger.ApplyRecord(Empty(1) with { Ended = [Outcome(succeeded), Outcome(failed)], EndedSessions = [0] });

        ledger.ApplyRecord(Empty(2) with { Retried = [succeeded, failed] });

        Assert.Equal(failed, Assert.Single(ledger.Pending).Job.Id);
        Assert.Equal(Bundle(0), ledger.GetBundle(failed));
        Assert.False(ledger.TryGetOutcome(failed, out _));
        Assert.True(ledger.TryGetOutcome(succeeded, out _));
    }

    [Fact]
    public void ListJobs_FromAnId_ReturnsTheNextOnes()
    {
        var ledger = new PoolLedger();
        ledger.ApplyRecord(Empty(7) with
        {
            Opened = Spec,
            Sessions = [Session(0)],
            Accepted = [.. Enumerable.Range(1, 4).Select(job => Job(new JobId(job)))],
            Ended = [Outcome(new JobId(3))],
        });

        var listed = ledger.ListJobs(new JobId(1), 2);

        Assert.Equal([(2, null, "F2", "k2", 0), (3, JobStatus.Threw, "F0", null, 7)],
            listed.Select(job => (job.Id.Value, job.Status, job.Function, job.Key, job.EndedAt)));
        Assert.Equal(2, Assert.Single(ledger.ListJobs(new JobId(1), 1)).Id.Value);
    }

    /// <summary>Jobs of a store that an earlier version has written have no session. They keep the code of the pool.</summary>
    [Fact]
    public void ApplyRecord_JobsWithoutASession_BelongToTheBuildOfThePool()
    {
        var ledger = new PoolLedger();
        ledger.ApplyRecord(Empty(0) with { Opened = Spec with { Bundle = Bundle(7) } });
        ledger.ApplyRecord(Empty(0) with { Accepted = [Job(new JobId(1))], Sessions = default, EndedSessions = default });

        Assert.Equal([Bundle(7)], ledger.PinnedBundles);
        Assert.Equal(1, ledger.Sessions.NextRange);
    }

    [Fact]
    public void FindExpiredOutcomes_SessionsHaveOtherRetentions_ReturnsEachOutcomeAfterItsOwnTime()
    {
        var ledger = new PoolLedger();
        var (first, second) = (ToSession(new JobId(5)), ToSession(new JobId(1)));
        ledger.ApplyRecord(Empty(10) with
        {
            Opened = Spec,
            Sessions = [Session(0) with { Retention = new OutcomeRetention(500, false) }, Session(1) with { Retention = null }],
            Accepted = [Job(first), Job(second)],
            Ended = [Outcome(second)],
        });
        ledger.ApplyRecord(Empty(20) with { Ended = [Outcome(first)] });

        Assert.Empty(ledger.FindExpiredOutcomes(519));
        Assert.Equal([first], ledger.FindExpiredOutcomes(520).ToArray());
        ledger.ApplyRecord(Empty(520) with { Forgotten = [first] });
        Assert.Empty(ledger.FindExpiredOutcomes(1009));
        Assert.Equal([second], ledger.FindExpiredOutcomes(1010).ToArray());
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

    /// <summary>Distributes the jobs of a record over five sessions of three builds, which end after some records.</summary>
    private static PoolRecord ToSessions(PoolRecord record, int index) => record with
    {
        Opened = index < 3 ? Spec with { Bundle = Bundle(index), Processes = index } : null,
        Accepted = [.. record.Accepted.Select(job => job with { Id = ToSession(job.Id) })],
        Begun = [.. record.Begun.Select(ToSession)],
        Lost = [.. record.Lost.Select(loss => loss with { Id = ToSession(loss.Id) })],
        Ended = [.. record.Ended.Select(outcome => outcome with { Id = ToSession(outcome.Id) })],
        Forgotten = [.. record.Forgotten.Select(ToSession)],
        // Jobs with odd ids fail.
        Retried = index % 4 == 3 ? [.. Enumerable.Range(1, Jobs).Select(job => ToSession(new JobId(job)))] : [],
        Sessions = index == 0 ? [.. Enumerable.Range(0, 5).Select(range => Session(range))] : [],
        EndedSessions = index is >= 5 and < 9 ? [index - 5] : [],
        Canceled = index % 3 == 1 ? [.. record.Begun.Select(ToSession)] : default,
    };

    private static JobId ToSession(JobId job) => new(SessionRange.GetStart(job.Value % 5).Value + job.Value);

    private static StoredSession Session(long range) =>
        new(
            new SessionId(new Guid((int)range, 0, 0, new byte[8])), range, Bundle(range % 3),
            Retention: range % 2 == 0 ? new OutcomeRetention(500 * range, DropsOutcomes: false) : null);

    private static BundleId Bundle(long number) => new((UInt128)(number + 1), 0);

    private static JobSpec Job(JobId id) =>
        new(id, new FunctionRef($"F{id.Value % 3}", new byte[] { (byte)(id.Value % 3) }), new byte[] { (byte)id.Value },
        new JobPolicy(0, 2, 0, id.Value % 2 == 0 ? $"k{id}" : null));

    private static JobLoss Loss(JobId id) => new(id, new AttemptLoss("node", 7, -9, "was killed"));

    private static JobOutcome Outcome(JobId id) =>
        new(id, id.Value % 2 == 0 ? JobStatus.Succeeded : JobStatus.Threw, new byte[] { (byte)id.Value, 1 }, null, 1);

    private static string Describe(PoolLedger ledger) => string.Join(
        "; ",
        ledger.Pending.Select(entry => $"{entry.Job.Id} {entry.Job.Function.Name} {Convert.ToHexString(entry.Job.Arguments.Span)} "
            + $"{entry.Losses.Count} {entry.MayHaveBegun}")
            .Concat(new[] { 1500, long.MaxValue }.Select(
                at => $"expired {string.Join(' ', ledger.FindExpiredOutcomes(at).Select(id => id.Value).Order())}"))
            .Append($"canceled {string.Join(' ', ledger.Canceled.Select(id => id.Value).Order())}")
            .Concat(ledger.Keys.All.Select(key => $"{key.Key} {key.Id}").Order(StringComparer.Ordinal))
            .Concat(ledger.ListJobs(default, 100).Select(job => $"{job}"))
            .Append($"last {ledger.LastJob}, next {ledger.Sessions.NextRange}")
            .Concat(ledger.Sessions.All.Select(session =>
                $"{session.ToStored()} {session.Pending} {session.PendingBytes} {ledger.GetSpec(session.Bundle).Processes}")));
}
