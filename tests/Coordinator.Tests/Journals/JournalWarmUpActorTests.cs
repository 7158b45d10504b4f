using Actors.Coordinator.Journals;
using Actors.Testing;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Journals;

public sealed class JournalWarmUpActorTests : PatientTestKit
{
    private const string Snapshots = "played-snapshots";
    private const string Full = "full-journal";

    private readonly TestProbe _store;

    public JournalWarmUpActorTests()
    {
        _store = CreateTestProbe();
        Sys.Settings.InjectTopLevelFallback(PlayedStore.At(Snapshots, _store));
        Sys.Settings.InjectTopLevelFallback(FullJournal.At(Full));
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
    }

    [Fact]
    public void WarmUp_UsableStore_LeavesItUnchanged()
    {
        var rehearsal = Start("akka.persistence.journal.inmem");

        // The record is written by now, and everything is deleted.
        _store.ExpectMsg<DeleteSnapshots>();
        _store.Reply(new DeleteSnapshotsSuccess(SnapshotSelectionCriteria.Latest));

        ExpectTerminated(rehearsal);
        Assert.False(HasMessages);
        Sys.ActorOf(Props.Create(() =>
            new JournalActor("rehearsal-here:1", TestActor, new JournalPlugins("akka.persistence.journal.inmem", Snapshots))));
        _store.ExpectMsg<LoadSnapshot>();
        _store.Reply(new LoadSnapshotResult(null, long.MaxValue));
        ExpectMsg<JournalProtocol.ReadCompleted>();
    }

    [Fact]
    public void WarmUp_StoreCannotBeWritten_IsLogged()
    {
        var rehearsal = Start(Full);

        Assert.Contains("The disk is full.", ExpectMsg<LogEvent>().Text, StringComparison.Ordinal);
        ExpectTerminated(rehearsal);
    }

    private IActorRef Start(string journal)
    {
        var plugins = new JournalPlugins(journal, Snapshots);
        var rehearsal = Watch(Sys.ActorOf(Props.Create(() => new JournalWarmUpActor("here:1", plugins))));
        _store.ExpectMsg<LoadSnapshot>();
        _store.Reply(new LoadSnapshotResult(null, long.MaxValue));
        return rehearsal;
    }
}
