using System.Globalization;
using Actors.Durability;
using Actors.Messages.Storage;
using Microsoft.Data.Sqlite;

namespace Actors;

/// <summary>
/// A store in a SQLite file on this machine. It needs no server. Writes survive a power failure: each is on disk before it is confirmed.
/// Several programs may share one file, but without a coordinator only one at a time can use each pool or queue. Immutable.
/// </summary>
public sealed class SqliteStore : DurableStore
{
    /// <summary>
    /// How long a write waits for other programs, in seconds. On a busy disk, each of their writes may take seconds. A program that is
    /// stopped in the middle of a write keeps the file locked: the pool must fail soon instead of standing still without a word.
    /// </summary>
    internal const int BusySeconds = 12;

    /// <summary>How long the first use of the file waits, in seconds. Other coordinators may create the tables at the same time.</summary>
    private const int FirstBusySeconds = 30;

    private const string SettingsFile = "sqlite.conf";

    private readonly string _path;

    /// <param name="path">
    /// The path of the file. It is created if it does not exist. It must be on a local disk: a file in memory is lost with the power.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public SqliteStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override string ToString() => $"the SQLite file {_path}";

    /// <inheritdoc/>
    public override void PrepareStore() => WithConnection(connection =>
    {
        SqlStore.RefuseNewerVersion(connection, this, "SELECT name FROM sqlite_master WHERE name = 'actors_store'");
        RequireWrittenThrough(connection);
        SqlStore.CreateTables(connection, "sqlite.sql");
        SqliteJournal.DeleteOldChecks(_path);
    });

    /// <summary>Measures the used pages of the file. SQLite uses free ones again.</summary>
    /// <exception cref="DurableStoreException">The file cannot be read.</exception>
    public override long MeasureSize()
    {
        var size = 0L;
        WithConnection(connection => size =
            (ReadNumber(connection, "PRAGMA page_count") - ReadNumber(connection, "PRAGMA freelist_count"))
            * ReadNumber(connection, "PRAGMA page_size"));
        return size;
    }

    /// <inheritdoc/>
    protected override string CreateJournalSettings() =>
        SqlStore.CreateJournalSettings(typeof(SqliteJournal), SettingsFile, QuoteText(CreateConnectionString(BusySeconds)));

    /// <inheritdoc/>
    protected override string CreateSnapshotSettings() =>
        SqlStore.CreateSnapshotSettings(SettingsFile, QuoteText(CreateConnectionString(BusySeconds)));

    /// <summary>Gets whether a constraint is violated. SQLite reports which one in the message alone.</summary>
    protected override bool IsDuplicateRecord(Exception reason) =>
        reason is SqliteException && reason.Message.Contains("UNIQUE constraint failed", StringComparison.Ordinal);

    /// <summary>
    /// Refuses a file that can lose commits in a power failure. The connections of the journal use the same library and options, so the
    /// result holds for them.
    /// </summary>
    internal void RequireWrittenThrough(SqliteConnection connection)
    {
        var mode = SqlStore.ReadScalar(connection, "PRAGMA journal_mode=WAL") as string;
        // The durability of a commit. With NORMAL, the last commits are lost in a power failure.
        var synchronous = ReadNumber(connection, "PRAGMA synchronous");
        if (mode != "wal" || synchronous < 2)
        {
            throw new DurableStoreException(
                $"{this} can lose commits: it has journal_mode={mode} and synchronous={synchronous}, and needs WAL and FULL (2). Choose a "
                + "file on a local disk.");
        }
    }

    private string CreateConnectionString(int busySeconds) =>
        new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = busySeconds }.ConnectionString;

    private static long ReadNumber(SqliteConnection connection, string sql) =>
        Convert.ToInt64(SqlStore.ReadScalar(connection, sql), CultureInfo.InvariantCulture);

    /// <summary>Creates the file for its user alone. SQLite gives the same rights to the files beside it.</summary>
    private void ProtectFiles()
    {
        PrivateDirectory.CreateParents(_path, allowsVolumes: true);
        PrivateFile.EnsurePrivate(_path);
        foreach (var beside in new[] { _path + "-wal", _path + "-shm" }.Where(File.Exists))
            PrivateFile.RequirePrivate(beside);
    }

    private void WithConnection(Action<SqliteConnection> step)
    {
        try
        {
            ProtectFiles();
            using var connection = new SqliteConnection(CreateConnectionString(FirstBusySeconds));
            connection.Open();
            step(connection);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new DurableStoreException($"{this} cannot be used: {exception.Message}", exception);
        }
    }
}
