using System.Globalization;
using Actors.Durability;
using Actors.Messages.Storage;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace Actors;

/// <summary>
/// A store that is a SQLite file on this machine: nothing to install. What is written there outlives a loss of power: it is written ahead, and on the disk before
/// anybody is told. Several programs may use one file. Immutable.
/// </summary>
public sealed class SqliteStore : DurableStore
{
    /// <summary>How long a write waits while another program writes: on a disk that is busy with other things, that may be seconds each.</summary>
    private const int BusySeconds = 30;

    private readonly string _path;

    /// <param name="path">The file; it is made where it is not there. It must lie on a disk: what lies in memory is lost with the power.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public SqliteStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override string ToString() => $"the SQLite file {_path}";

    internal override Config CreatePluginSettings(string path) => SqlStore.CreateConfig(path, "sqlite.conf", ConnectionString);

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = BusySeconds }.ConnectionString;

    internal override void PrepareStore() => WithConnection(connection =>
    {
        SqlStore.RefuseNewerVersion(connection, this, "SELECT name FROM sqlite_master WHERE name = 'actors_store'");
        RequireWrittenThrough(connection);
        SqlStore.CreateTables(connection, "sqlite.sql");
    });

    /// <summary>
    /// Refuses what the loss of power would take. The journal's connections have the same library and are opened in the same way: what holds for this one, holds for them.
    /// </summary>
    internal void RequireWrittenThrough(SqliteConnection connection)
    {
        var mode = SqlStore.ReadScalar(connection, "PRAGMA journal_mode=WAL") as string;
        // What a commit promises: at NORMAL the last ones are lost when the power goes.
        var synchronous = Convert.ToInt32(SqlStore.ReadScalar(connection, "PRAGMA synchronous"), CultureInfo.InvariantCulture);
        if (mode != "wal" || synchronous < 2)
        {
            throw new DurableStoreException(
                $"{this} cannot be relied on: it has journal_mode={mode} and synchronous={synchronous}, where WAL and FULL (2) are needed. Choose a file on a local disk.");
        }
    }

    /// <summary>SQLite gives the files beside it the rights of the file itself.</summary>
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
            using var connection = new SqliteConnection(ConnectionString);
            connection.Open();
            step(connection);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new DurableStoreException($"{this} cannot be used: {exception.Message}", exception);
        }
    }
}
