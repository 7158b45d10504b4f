using Actors.Coordinator.Journals;
using Actors.Testing;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Journals;

public sealed class JournalRehearsalActorTests : PatientTestKit
{
    private const string Snapshots = "played-snapshots";
    private const string Full = "full-journal";

    private readonly TestProbe _store;

    public JournalRehearsalActorTests()
    {
        _store = CreateTestProbe();
        Sys.Settings.InjectTopLevelFallback(PlayedStore.At(Snapshots, _store));
        Sys.Settings.InjectTopLevelFallback(FullJournal.At(Full));
        Sys.EventStream.Subscribe(TestActor, typeof(News));
    }

    [Fact]
    public void Store_ThatCanBeUsed_IsReadWrittenAndLeftAsItWas()
    {
        var rehearsal = Start("akka.persistence.journal.inmem");

        // It is written by now: all of it is deleted.
        _store.ExpectMsg<DeleteSnapshots>();
        _store.Reply(new DeleteSnapshotsSuccess(SnapshotSelectionCriteria.Latest));

        ExpectTerminated(rehearsal);
        Assert.False(HasMessages);
        Sys.ActorOf(Props.Create(() => new JournalActor("rehearsal-here:1", TestActor, new JournalPlugins("akka.persistence.journal.inmem", Snapshots))));
        _store.ExpectMsg<LoadSnapshot>();
        _store.Reply(new LoadSnapshotResult(null, long.MaxValue));
        ExpectMsg<JournalProtocol.Recovered>();
    }

    [Fact]
    public void Store_ThatCannotBeWritten_IsSaid()
    {
        var rehearsal = Start(Full);

        Assert.Contains("The disk is full.", ExpectMsg<News>().Text, StringComparison.Ordinal);
        ExpectTerminated(rehearsal);
    }

    private IActorRef Start(string journal)
    {
        var plugins = new JournalPlugins(journal, Snapshots);
        var rehearsal = Watch(Sys.ActorOf(Props.Create(() => new JournalRehearsalActor("here:1", plugins))));
        _store.ExpectMsg<LoadSnapshot>();
        _store.Reply(new LoadSnapshotResult(null, long.MaxValue));
        return rehearsal;
    }
}
