using Actors.Coordinator.Journals;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Journals;

/// <summary>A journal in a SQLite file.</summary>
public sealed class SqliteJournalTests : PatientTestKit
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");
    private readonly SqliteStore _store;

    public SqliteJournalTests()
        : base(RoleConfiguration.CreateLocal())
    {
        _store = new SqliteStore(Path.Combine(_folder.FullName, "jobs.db"));
        _store.PrepareStore();
    }

    /// <summary>
    /// Without its directory the file has no name, and SQLite still reports success. A file system that aborts does the same for a commit
    /// that it loses.
    /// </summary>
    [Fact]
    public void WriteRecord_CommitSucceedsAndNoFileCanBeCreated_IsNotConfirmed()
    {
        // Another system refuses to delete an open file.
        if (!OperatingSystem.IsLinux())
            return;
        var journal = Open();
        Write(journal);
        ExpectMsg<JournalProtocol.RecordWritten>();
        _folder.Delete(recursive: true);

        Write(journal);

        var failed = ExpectMsg<JournalProtocol.JournalFailed>();
        Assert.Contains("could not be written", failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.IsOwnedElsewhere);
    }

    [Fact]
    public void WriteRecord_Twice_LeavesNoCheck()
    {
        var journal = Open();
        for (var write = 0; write < 2; write++)
        {
            Write(journal);
            ExpectMsg<JournalProtocol.RecordWritten>();
        }

        Assert.All(_folder.GetFiles(), file => Assert.DoesNotContain("check", file.Name, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    private IActorRef Open()
    {
        var (owner, plugins) = (TestActor, JournalPlugins.RegisterStore(Sys, _store));
        var journal = Sys.ActorOf(Props.Create(() => new JournalActor("pool-1", owner, plugins)));
        ExpectMsg<JournalProtocol.ReadCompleted>();
        return journal;
    }

    private static void Write(IActorRef journal) =>
        journal.Tell(new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: true)));
}
