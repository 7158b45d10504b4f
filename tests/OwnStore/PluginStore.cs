using Actors;
using Microsoft.Data.Sqlite;

namespace OwnStore;

/// <summary>A store as a user writes it, with plugins that create their tables themselves.</summary>
/// <param name="path">The path of a SQLite file.</param>
public sealed class PluginStore(string path) : DurableStore
{
    private string Connection => new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;

    /// <inheritdoc/>
    public override string ToString() => $"the own store {path}";

    /// <inheritdoc/>
    public override void PrepareStore()
    {
        try
        {
            using var connection = new SqliteConnection(Connection);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            if (command.ExecuteScalar() is not "wal")
                throw new DurableStoreException($"{this} has no write-ahead log. Choose a file on a local disk.");
        }
        catch (SqliteException exception)
        {
            throw new DurableStoreException($"{this} cannot be used: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public override long MeasureSize() => new FileInfo(path).Length;

    /// <inheritdoc/>
    protected override string CreateJournalSettings() =>
        CreateSettings("Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql");

    /// <inheritdoc/>
    protected override string CreateSnapshotSettings() =>
        CreateSettings("Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql");

    /// <inheritdoc/>
    protected override bool IsDuplicateRecord(Exception reason) =>
        reason is SqliteException && reason.Message.Contains("UNIQUE constraint failed", StringComparison.Ordinal);

    private string CreateSettings(string plugin) => $"""
        class = "{plugin}"
        connection-string = {QuoteText(Connection)}
        provider-name = "SQLite.MS"
        auto-initialize = on
        parallelism = 1
        """;
}
