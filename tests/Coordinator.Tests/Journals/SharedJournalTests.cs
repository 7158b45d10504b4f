using System.Diagnostics;
using Actors.Coordinator.Journals;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Testing;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace Actors.Coordinator.Tests.Journals;

/// <summary>A journal in a store that several programs share, each an actor system here.</summary>
public sealed class SharedJournalTests : PatientTestKit
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");
    private readonly SqliteStore _store;

    public SharedJournalTests()
        : base(RoleConfiguration.CreateLocal())
    {
        _store = new SqliteStore(Path.Combine(_folder.FullName, "jobs.db"));
        _store.PrepareStore();
    }

    /// <summary>The journal of a pool moves to another coordinator and back, and none of them restarts.</summary>
    [Fact]
    public async Task Journal_WrittenByAnotherMeanwhile_IsReadAgain()
    {
        using var other = ActorSystem.Create("other", Sys.Settings.Config);
        var systems = new[] { Sys, other, Sys, other, Sys };

        for (var before = 0; before < systems.Length; before++)
        {
            var journal = Open(systems[before]);
            for (var record = 0; record < before; record++)
                ExpectMsg<JournalProtocol.RecordRead>();
            ExpectMsg<JournalProtocol.ReadCompleted>();
            journal.Tell(new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: true)));
            ExpectMsg<JournalProtocol.RecordWritten>();
            Watch(journal);
            systems[before].Stop(journal);
            ExpectTerminated(journal);
        }

        await other.Terminate();
    }

    /// <summary>The owner must not load the pool again, which the other one runs.</summary>
    [Fact]
    public async Task WriteRecord_WrittenByAnotherMeanwhile_ReportsTheOtherOwner()
    {
        using var other = ActorSystem.Create("other", Sys.Settings.Config);
        var (journal, otherJournal) = (Open(Sys), Open(other));
        ExpectMsg<JournalProtocol.ReadCompleted>();
        ExpectMsg<JournalProtocol.ReadCompleted>();
        var write = new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: true));
        otherJournal.Tell(write);
        ExpectMsg<JournalProtocol.RecordWritten>();

        journal.Tell(write);

        Assert.True(ExpectMsg<JournalProtocol.JournalFailed>().IsOwnedElsewhere);
        await other.Terminate();
    }

    /// <summary>A coordinator that is stopped in the middle of a write does the same.</summary>
    [LongFact]
    public void WriteRecord_AnotherProgramKeepsTheFileLocked_FailsSoonAndWorksAfterwards()
    {
        var write = new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: true));
        var journal = Open(Sys);
        ExpectMsg<JournalProtocol.ReadCompleted>();
        using var other = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "jobs.db")}");
        other.Open();
        Execute(other, "BEGIN IMMEDIATE");
        var watch = Stopwatch.StartNew();

        journal.Tell(write);

        var failed = ExpectMsg<JournalProtocol.JournalFailed>(TimeSpan.FromSeconds(40));
        Assert.InRange(watch.Elapsed.TotalSeconds, 5, 15);
        Assert.False(failed.IsOwnedElsewhere);
        Assert.Contains("kill it", failed.Reason, StringComparison.Ordinal);
        Execute(other, "ROLLBACK");
        watch.Restart();
        var again = Open(Sys);
        ExpectMsg<JournalProtocol.ReadCompleted>();
        again.Tell(write);
        ExpectMsg<JournalProtocol.RecordWritten>();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private IActorRef Open(ActorSystem system)
    {
        var (owner, plugins) = (TestActor, JournalPlugins.RegisterStore(system, _store));
        return system.ActorOf(Props.Create(() => new JournalActor("pool-1", owner, plugins)));
    }
}
