using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Everything that a client makes a durable pool write is counted, so that the store is compacted.</summary>
public sealed class PoolJournalTests
{
    private const int SettingsLength = 100 << 10;
    private const int SnapshotInterval = 1 << 20;
    private const int Openings = 40;

    private static readonly PoolSpec Spec = PoolSchedule.Spec() with { Name = "pool", InitializerArguments = new byte[SettingsLength] };

    /// <summary>A client opened a pool and left it again and again: its settings filled the store of all clients.</summary>
    [Fact]
    public void OnWritten_PoolIsOpenedOften_WritesSnapshots()
    {
        var sent = new List<object>();
        var journal = new PoolJournal(sent.Add, TimeProvider.System, SnapshotInterval);

        for (var opening = 0; opening < Openings; opening++)
        {
            journal.AddOpened(Spec);
            journal.NextBatch.AddBuild(new StoredBuild(Spec.Bundle, []));
            journal.NextBatch.AddSession(new StoredSession(SessionId.New(), opening, Spec.Bundle));
            if (opening > 0)
                journal.NextBatch.AddEndedSession(opening - 1);
            journal.WriteNext();
            journal.OnWritten();
        }

        Assert.Equal(Openings * SettingsLength / SnapshotInterval, sent.Count(message => message is JournalProtocol.SaveSnapshot));
    }

    [Fact]
    public void Size_EachContent_IsCounted()
    {
        JobId[] jobs = [.. Enumerable.Range(1, 1000).Select(id => new JobId(id))];
        Action<PoolJournalBatch>[] contents =
        [
            batch => batch.AddBegun([.. jobs]), batch => batch.AddForgotten([.. jobs]), batch => batch.AddRetried([.. jobs]),
            batch => batch.AddCanceled([.. jobs]), batch => Array.ForEach(jobs, job => batch.AddEndedSession(job.Value)),
            batch => batch.AddLoss(jobs[0], new AttemptLoss(new string('x', 8000), 0, null, "")),
            batch => batch.AddBuild(new StoredBuild(
                default, [new NamedFunction(new JobName("f", 0, false), new FunctionRef("f", new byte[8000]))])),
        ];

        Assert.All(contents, add =>
        {
            var batch = new PoolJournalBatch();
            add(batch);
            Assert.InRange(batch.Size, 8000, 32_000);
        });
    }
}
