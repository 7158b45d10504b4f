using Microsoft.Data.Sqlite;

namespace Actors.Durability.Tests;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "jobs.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Prepare_MissingFile_CreatesADurableOne()
    {
        var store = new SqliteStore(Path);

        store.PrepareStore();

        using var connection = Open(Path);
        Assert.Equal("wal", SqlStore.ReadScalar(connection, "PRAGMA journal_mode"));
        store.RequireWrittenThrough(connection);
    }

    [Fact]
    public void Prepare_KilledProgramLeftACheck_DeletesIt()
    {
        File.WriteAllText(Path + "-check-1", "");
        File.WriteAllText(Path + "-other", "");

        new SqliteStore(Path).PrepareStore();

        Assert.False(File.Exists(Path + "-check-1"));
        Assert.True(File.Exists(Path + "-other"));
    }

    [Fact]
    public void MeasureSize_RecordsAreAddedAndDeleted_FollowsThem()
    {
        var store = new SqliteStore(Path);
        store.PrepareStore();
        var empty = store.MeasureSize();
        using var connection = Open(Path);

        SqlStore.ExecuteCommand(
            connection,
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, 0, 'p', 1, zeroblob(5000000))");
        Assert.InRange(store.MeasureSize() - empty, 5_000_000, 5_100_000);
        SqlStore.ExecuteCommand(connection, "DELETE FROM journal");
        Assert.InRange(store.MeasureSize() - empty, 0, 100_000);
    }

    [Theory]
    [InlineData("OFF", 0)]
    [InlineData("NORMAL", 1)]
    public void Prepare_CommitsAreNotOnDisk_IsRefused(string synchronous, int said)
    {
        using var connection = Open(Path);
        SqlStore.ExecuteCommand(connection, $"PRAGMA synchronous={synchronous}");

        var refusal = Assert.Throws<DurableStoreException>(() => new SqliteStore(Path).RequireWrittenThrough(connection));

        Assert.StartsWith($"the SQLite file {Path} can lose commits", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"journal_mode=wal and synchronous={said},", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>As on a file system without support for a write-ahead log: SQLite keeps the other mode and reports it.</summary>
    [Fact]
    public void Prepare_NoWriteAheadLog_IsRefused()
    {
        using var connection = Open(":memory:");

        var refusal = Assert.Throws<DurableStoreException>(() => new SqliteStore(Path).RequireWrittenThrough(connection));

        Assert.Contains("journal_mode=memory and synchronous=2,", refusal.Message, StringComparison.Ordinal);
    }

    private static SqliteConnection Open(string path)
    {
        // A new connection, which no other test has configured.
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
