using Actors.Coordinator.Journals;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Journals;

/// <summary><see cref="JournalActor"/> with a snapshot store that the test controls.</summary>
public sealed class JournalActorTests : PatientTestKit
{
    private const string Snapshots = "played-snapshots";

    private readonly TestProbe _store;
    private readonly IActorRef _journal;

    public JournalActorTests()
    {
        _store = CreateTestProbe();
        Sys.Settings.InjectTopLevelFallback(PlayedStore.At(Snapshots, _store));
        var (owner, plugins) = (TestActor, new JournalPlugins("akka.persistence.journal.inmem", Snapshots));
        _journal = Sys.ActorOf(Props.Create(() => new JournalActor("pool-1", owner, plugins)));
        _store.ExpectMsg<LoadSnapshot>();
        _store.Reply(new LoadSnapshotResult(null, long.MaxValue));
        ExpectMsg<JournalProtocol.ReadCompleted>();
        Write();
    }

    [Fact]
    public void SaveSnapshot_StoreFails_IsReportedAndTheNextIsTried()
    {
        var first = SaveSnapshot();
        _store.Reply(new SaveSnapshotFailure(first.Metadata, new IOException("No room.")));

        Assert.Contains("No room.", ExpectMsg<JournalProtocol.CompactionFailed>().Reason, StringComparison.Ordinal);
        Write();
        var second = SaveSnapshot();
        _store.Reply(new SaveSnapshotSuccess(second.Metadata));
        _store.ExpectMsg<DeleteSnapshots>();
        _store.Reply(new DeleteSnapshotsFailure(SnapshotSelectionCriteria.Latest, new IOException("No way.")));
        Assert.Contains("No way.", ExpectMsg<JournalProtocol.CompactionFailed>().Reason, StringComparison.Ordinal);
        Write();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DeleteJournal_WhileASnapshotIsSaved_DeletesItToo(bool isSaved)
    {
        var save = SaveSnapshot();
        _journal.Tell(new JournalProtocol.DeleteJournal());
        // The earlier message was handled when this record is written.
        _journal.Tell(new JournalProtocol.WriteRecord(Record));
        ExpectMsg<JournalProtocol.RecordWritten>();
        Assert.False(_store.HasMessages);

        _store.Reply(isSaved ? new SaveSnapshotSuccess(save.Metadata) : new SaveSnapshotFailure(save.Metadata, new IOException()));
        if (isSaved)
        {
            _store.ExpectMsg<DeleteSnapshots>(old => Assert.True(old.Criteria.MaxSequenceNr < save.Metadata.SequenceNr));
            _store.Reply(new DeleteSnapshotsSuccess(SnapshotSelectionCriteria.None));
        }

        // Both records that the actor has written.
        Assert.Equal(2, _store.ExpectMsg<DeleteSnapshots>().Criteria.MaxSequenceNr);
        _store.Reply(new DeleteSnapshotsSuccess(SnapshotSelectionCriteria.Latest));
        FishForMessage(message => message is JournalProtocol.JournalDeleted);
    }

    private static PoolRecord Record => new(0, null, [], [], [], [], [], IsClosed: true);

    private void Write()
    {
        _journal.Tell(new JournalProtocol.WriteRecord(Record));
        ExpectMsg<JournalProtocol.RecordWritten>();
    }

    private SaveSnapshot SaveSnapshot()
    {
        _journal.Tell(new JournalProtocol.SaveSnapshot(Record));
        return _store.ExpectMsg<SaveSnapshot>();
    }
}
