using Actors.Coordinator.Journals;
using Actors.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Journals;

public sealed class JournalRehearsalActorTests : PatientTestKit
{
    private const string Snapshots = "played-snapshots";
    private const string Refusing = "refusing-journal";

    private readonly TestProbe _store;

    public JournalRehearsalActorTests()
    {
        _store = CreateTestProbe();
        Sys.Settings.InjectTopLevelFallback(PlayedStore.At(Snapshots, _store));
        Sys.Settings.InjectTopLevelFallback(ConfigurationFactory.ParseString(
            $"{Refusing} {{ class = \"{typeof(RefusingJournal).AssemblyQualifiedName}\"\nplugin-dispatcher = \"akka.actor.default-dispatcher\" }}"));
        Sys.EventStream.Subscribe(TestActor, typeof(DurableNews));
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
        var rehearsal = Start(Refusing);

        Assert.Contains("No room.", ExpectMsg<DurableNews>().Text, StringComparison.Ordinal);
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

    /// <summary>Takes nothing.</summary>
    public sealed class RefusingJournal : MemoryJournal
    {
        /// <inheritdoc/>
        protected override Task<System.Collections.Immutable.IImmutableList<Exception?>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) => throw new IOException("No room.");
    }
}
